//! Certificate codes (证书编号): their layout, how a text reads under it, and how a new one is composed.

mod compose;
mod decode;
mod layout;

pub use compose::{CertCode, ComposeError, PREFIX_LENGTH, compose};
pub use decode::{
    Decoding, Doubt, Meaning, ReadingState, RegionName, SegmentFault, SegmentReading, decode, digit_alike, look_alike,
    read_segment,
};
pub use layout::{CODE_LENGTH, CodeLayout, CodeRange, LayoutError, Segment, SegmentReader, ShortForm};
