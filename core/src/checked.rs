//! Constants that the compiler checks, and checked values from any serde format.

/// Takes the value out of a `Result` at compile time; a constant that is wrong does not compile.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Token, checked};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// const TOKEN: Token = checked!(Token::new("apitk_0123"));
/// ```
/// ```compile_fail
/// use xobito_core::{E164, checked};
///
/// const ON_CALL: E164 = checked!(E164::new("004179555")); // no `+`
/// ```
#[macro_export]
macro_rules! checked {
    ($result:expr) => {
        const {
            match $result {
                Ok(value) => value,
                Err(_) => panic!(concat!("not a valid constant: ", stringify!($result))),
            }
        }
    };
}

/// Reads a checked value from a text of any serde format, borrowed or not.
#[cfg(feature = "serde")]
pub(crate) struct FromText<T>(core::marker::PhantomData<T>);

#[cfg(feature = "serde")]
impl<T> FromText<T> {
    pub(crate) const fn new() -> Self {
        Self(core::marker::PhantomData)
    }
}

#[cfg(feature = "serde")]
impl<T> serde::de::Visitor<'_> for FromText<T>
where
    T: core::str::FromStr<Err: core::fmt::Display>,
{
    type Value = T;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use serde::de::Expected;

    use super::*;

    #[test]
    fn a_text_is_expected() {
        let expected: &dyn Expected = &FromText::<crate::E164>::new();
        assert_eq!(expected.to_string(), "a text");
    }
}
