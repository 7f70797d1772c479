//! Certificate codes (证书编号): their layout and how a text reads under it.

mod decode;
mod layout;

pub use decode::{
    Decoding, Doubt, Fault, Meaning, Reading, ReadingState, RegionName, decode, digit_alike, look_alike, read_segment,
};
pub use layout::{CODE_LENGTH, CodeLayout, CodeRange, LayoutError, Segment, SegmentReader, ShortForm};
