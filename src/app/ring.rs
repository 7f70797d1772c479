//! Choices that a person turns through in a fixed order, the first behind the last.

/// Declares such an enum; the order of its members is the order they come in.
macro_rules! ring {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$of:meta])* $member:ident),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $($(#[$of])* $member),+ }

        impl $name {
            $vis const ALL: [$name; [$(stringify!($member)),+].len()] = [$($name::$member),+];

            /// Gives the next one, or the one before.
            $vis fn turned(self, backwards: bool) -> $name {
                let by = if backwards { $name::ALL.len() - 1 } else { 1 };
                $name::ALL[(self as usize + by) % $name::ALL.len()]
            }
        }
    };
}

pub(crate) use ring;
