//! The check character of a unified social credit code (统一社会信用代码).

/// The characters of a unified social credit code, in the order of their values (GB 32100: no I, O, S, V, Z).
pub const CREDIT: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weights of its first 17 characters: powers of 3 modulo 31.
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Computes the check character of a unified social credit code (GB 32100, modulo 31); `None` unless the first 17
/// characters are of its alphabet and there are 18.
pub fn credit_check(bytes: &[u8]) -> Option<char> {
    if bytes.len() != 18 || !CREDIT.contains(&bytes[17]) {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in bytes.iter().zip(CREDIT_WEIGHTS) {
        sum += CREDIT.iter().position(|c| c == byte)? as u32 * weight;
    }
    Some(char::from(CREDIT[((31 - sum % 31) % 31) as usize]))
}
