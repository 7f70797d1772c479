//! Certificate codes (证书编号): their layout and how a text reads under it.

mod decode;
mod layout;

pub use decode::{Decoding, Reading, ReadingState, decode, look_alike};
pub use layout::{CODE_LENGTH, CodeLayout, CodeRange, LayoutError, Segment, SegmentReader, ShortForm};
