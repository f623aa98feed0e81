//! The 26 states and the Federal District.
use std::fmt;

/// Declares the enum, its list and both of its texts from one table, so that they cannot drift apart.
macro_rules! states {
    ($($variant:ident $code:literal $name:literal),* $(,)?) => {
        /// A unidade federativa; written, stored and sent as its two capitals (`SP`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Uf {
            $(#[doc = $name] $variant,)*
        }

        impl Uf {
            /// All of them, in the order of their codes.
            pub const ALL: [Self; 27] = [$(Self::$variant),*];

            /// Its two capitals.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// Its name in Portuguese.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

states! {
    Ac "AC" "Acre", Al "AL" "Alagoas", Am "AM" "Amazonas", Ap "AP" "Amapá", Ba "BA" "Bahia", Ce "CE" "Ceará",
    Df "DF" "Distrito Federal", Es "ES" "Espírito Santo", Go "GO" "Goiás", Ma "MA" "Maranhão",
    Mg "MG" "Minas Gerais", Ms "MS" "Mato Grosso do Sul", Mt "MT" "Mato Grosso", Pa "PA" "Pará", Pb "PB" "Paraíba",
    Pe "PE" "Pernambuco", Pi "PI" "Piauí", Pr "PR" "Paraná", Rj "RJ" "Rio de Janeiro",
    Rn "RN" "Rio Grande do Norte", Ro "RO" "Rondônia", Rr "RR" "Roraima", Rs "RS" "Rio Grande do Sul",
    Sc "SC" "Santa Catarina", Se "SE" "Sergipe", Sp "SP" "São Paulo", To "TO" "Tocantins",
}

impl Uf {
    /// Reads the two letters of a state, in any case.
    ///
    /// # Errors
    /// `invalid_state` for anything else.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let typed = text.trim();
        Self::ALL.into_iter().find(|uf| uf.as_str().eq_ignore_ascii_case(typed)).ok_or("invalid_state")
    }
}

impl fmt::Display for Uf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Uf {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl serde::Serialize for Uf {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Uf {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Uf {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Uf".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "enum": Uf::ALL.map(Uf::as_str) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_back_in_any_case() {
        for uf in Uf::ALL {
            assert_eq!(Uf::parse(uf.as_str()), Ok(uf));
            assert_eq!(Uf::parse(&format!(" {} ", uf.as_str().to_lowercase())), Ok(uf));
        }
        assert!(Uf::ALL.is_sorted_by_key(|uf| uf.as_str()));
        assert_eq!((Uf::Sp.to_string().as_str(), Uf::Df.name()), ("SP", "Distrito Federal"));
    }

    #[test]
    fn anything_else_is_refused() {
        for typed in ["", "XX", "SPP", "São Paulo"] {
            assert_eq!(Uf::parse(typed), Err("invalid_state"));
        }
        assert!(serde_json::from_value::<Uf>("XX".into()).is_err());
    }
}
