//! Vocabularies: closed lists whose members have a name outside the program.

/// Declares an enum with the name of each variant: the one used in the store, in JSON, in the locales and on the command
/// line. Names are for good.
///
/// Where no variant carries anything, `ALL` lists them in their order, `COUNT` counts them, `key` gives the name and `read`
/// finds the variant by it. Where one does, there is `key` alone.
macro_rules! vocabulary {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $key:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        $vis enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            pub const COUNT: usize = [$($key),+].len();

            pub const ALL: [$name; $name::COUNT] = [$($name::$variant),+];

            pub fn key(self) -> &'static str {
                match self {
                    $($name::$variant => $key),+
                }
            }

            pub fn read(key: &str) -> Option<$name> {
                match key {
                    $($key => Some($name::$variant),)+
                    _ => None,
                }
            }
        }
    };
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident {
            $($(#[$of:meta])* $variant:ident $(($($carried:tt)*))? $({$($named:tt)*})? = $key:literal),+ $(,)?
        }
    ) => {
        $(#[$about])*
        $vis enum $name { $($(#[$of])* $variant $(($($carried)*))? $({$($named)*})?),+ }

        impl $name {
            pub fn key(&self) -> &'static str {
                match self {
                    $($name::$variant { .. } => $key),+
                }
            }
        }
    };
}

pub(crate) use vocabulary;

#[cfg(test)]
mod tests {
    vocabulary! {
        #[derive(Debug, Clone, Copy, PartialEq)]
        enum Plain { One = "one", Two = "the-other" }
    }
    vocabulary! {
        #[derive(PartialEq)]
        enum Carrying { Nothing = "nothing", Number(u8) = "number", Named { by: char } = "named" }
    }

    #[test]
    fn a_name_leads_to_its_variant_and_back() {
        assert_eq!((Plain::COUNT, Plain::ALL), (2, [Plain::One, Plain::Two]));
        assert_eq!(Plain::ALL.map(|p| Plain::read(p.key())), Plain::ALL.map(Some));
        assert_eq!(Plain::read("Two"), None);
        assert!(Carrying::Number(1) != Carrying::Number(2));
        let keys = [Carrying::Nothing, Carrying::Number(1), Carrying::Named { by: 'a' }].map(|c| c.key());
        assert_eq!(keys, ["nothing", "number", "named"]);
    }
}
