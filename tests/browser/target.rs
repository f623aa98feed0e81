//! What a test points at: a role and an accessible name, as a screen reader would say it. There is no other way, so that
//! what a test can find, everyone can.
use std::fmt;

/// Which accessible names fit.
#[derive(Clone, Debug)]
pub enum Name {
    Is(String),
    Starts(String),
    Has(String),
    Any,
}

/// One or more things on the page.
#[derive(Clone, Debug)]
pub struct Target {
    pub role: &'static str,
    pub name: Name,
    pub inside: Option<Box<Target>>,
}

impl Name {
    pub fn fits(&self, name: &str) -> bool {
        match self {
            Self::Is(whole) => name == whole,
            Self::Starts(start) => name.starts_with(start.as_str()),
            Self::Has(part) => name.contains(part.as_str()),
            Self::Any => true,
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::Is(name.to_owned())
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self::Is(name)
    }
}

/// Names that begin so.
pub fn starts(text: &str) -> Name {
    Name::Starts(text.to_owned())
}

/// Names with that in them.
pub fn has(text: &str) -> Name {
    Name::Has(text.to_owned())
}

impl Target {
    /// Only below another.
    pub fn inside(self, outer: Self) -> Self {
        Self { inside: Some(Box::new(outer)), ..self }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Name::Is(name) => write!(out, "{} «{name}»", self.role),
            Name::Starts(name) => write!(out, "{} «{name}…»", self.role),
            Name::Has(name) => write!(out, "{} «…{name}…»", self.role),
            Name::Any => write!(out, "{}", self.role),
        }?;
        self.inside.as_ref().map_or(Ok(()), |outer| write!(out, " in {outer}"))
    }
}

/// Anything of a role.
pub fn any(role: &'static str) -> Target {
    Target { role, name: Name::Any, inside: None }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $function:ident = $role:literal;)*) => {$(
        $(#[$doc])*
        pub fn $function(name: impl Into<Name>) -> Target {
            Target { role: $role, name: name.into(), inside: None }
        }
    )*};
}

roles! {
    /// A button.
    button = "button";
    /// A link.
    link = "link";
    /// A field for text.
    textbox = "textbox";
    /// A field for a number.
    number = "spinbutton";
    /// A field with a list to choose from.
    combobox = "combobox";
    /// An entry of such a list.
    entry = "option";
    /// A box to tick.
    checkbox = "checkbox";
    /// A heading.
    heading = "heading";
    /// An entry of a menu.
    menuitem = "menuitem";
    /// A group.
    group = "group";
    /// A named part of the page.
    region = "region";
}
