//! JSON Schema as a reader wants it: the name of a type, and its members line by line.
use serde_json::Value;

use super::frame::escape;

/// The type in a few words, as markup; a named type leads to its place on the page.
pub fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#type-{name}\"><code>{name}</code></a>");
    }
    if let Some(value) = schema.get("const") {
        return format!("<code>{}</code>", escape(&value.to_string()));
    }
    let several = ["oneOf", "anyOf", "allOf", "enum"].iter().find_map(|name| schema.get(name)?.as_array());
    match several {
        Some(all) => all.iter().map(one_of).collect::<Vec<_>>().join(" | "),
        None => plain(schema),
    }
}

/// A value of an enumeration stands for itself, a schema for its type.
fn one_of(item: &Value) -> String {
    if item.is_object() { kind(item) } else { format!("<code>{}</code>", escape(&item.to_string())) }
}

fn plain(schema: &Value) -> String {
    let named = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        Some(Value::String(name)) => name.clone(),
        _ => String::new(),
    };
    match schema.get("items") {
        Some(item) => format!("{}[]", kind(item)),
        None => escape(&named),
    }
}

/// The members of an object as a table; nothing for any other type.
pub fn members(schema: &Value) -> String {
    let Some(members) = schema.get("properties").and_then(Value::as_object) else { return String::new() };
    let required = schema.get("required").and_then(Value::as_array);
    let row = |(name, member): (&String, &Value)| {
        let needed = required.is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)));
        let about = member.get("description").and_then(Value::as_str).unwrap_or_default();
        let star = if needed { "*" } else { "" };
        let (name, kind, about) = (escape(name), kind(member), escape(about));
        format!("<tr><td><code>{name}</code>{star}</td><td>{kind}</td><td lang=\"en\">{about}</td></tr>")
    };
    let rows: String = members.iter().map(row).collect();
    format!("<table>{rows}</table>")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_named_shortly_and_lead_to_their_place() {
        assert_eq!(kind(&json!({ "type": ["string", "null"] })), "string | null");
        assert_eq!(kind(&json!({ "type": "array", "items": { "type": "integer" } })), "integer[]");
        assert!(kind(&json!({ "$ref": "#/components/schemas/Contact" })).contains("#type-Contact"));
        assert!(kind(&json!({ "enum": ["a", "b"] })).contains(" | "));
    }
}
