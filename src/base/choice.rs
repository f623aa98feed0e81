//! Fixed lists of codes: English in the API and the file, Portuguese only on screen.

/// A value out of a fixed list, each with a stable code.
pub trait Choice: Sized + Copy + 'static {
    /// All of them, in the order a screen lists them.
    const ALL: &'static [Self];
    /// The stable code.
    fn code(self) -> &'static str;
    /// The value of that code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.code() == code)
    }
}

/// Declares a fixed list: the enum, its codes, its JSON form and its schema.
#[macro_export]
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$item_doc])* #[serde(rename = $code)] $variant,)* }

        impl $crate::base::choice::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}
