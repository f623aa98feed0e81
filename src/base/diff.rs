//! What an edit really changed: the audit trail names members, never values.
use serde_json::Value;
use std::collections::BTreeSet;

/// The names of the top-level members that differ between two objects, sorted; one that is missing on a side counts
/// as null there. Of anything that is not an object no member can be named, so the answer is empty.
pub fn changed(before: &Value, after: &Value) -> Vec<String> {
    let names: BTreeSet<&String> =
        [before, after].into_iter().filter_map(Value::as_object).flat_map(|members| members.keys()).collect();
    let member = |of: &Value, name: &str| of.get(name).cloned().unwrap_or_default();
    names.into_iter().filter(|name| member(before, name) != member(after, name)).cloned().collect()
}

/// As [`changed`], for two values of one type.
pub fn between<T: serde::Serialize>(before: &T, after: &T) -> Vec<String> {
    let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
    changed(&json(before), &json(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_members_that_differ_are_named_in_order() {
        let before = json!({ "name": "Ana", "phone": null, "address": { "city": "Santos" }, "old": 1 });
        let after = json!({ "name": "Ana", "address": { "city": "Salvador" }, "cpf": "1", "email": null });
        assert_eq!(changed(&before, &after), ["address", "cpf", "old"]);
        assert!(changed(&before, &before).is_empty());
    }

    #[test]
    fn a_creation_names_every_member_that_has_a_value() {
        assert_eq!(changed(&Value::Null, &json!({ "b": 1, "a": [], "c": null })), ["a", "b"]);
        assert!(changed(&json!(1), &json!("x")).is_empty());
    }
}
