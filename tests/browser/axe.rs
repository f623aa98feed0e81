//! The accessibility checker, run in the page as it stands.
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use super::page::Page;
use crate::support::node;

/// What is checked.
#[derive(Clone, Copy, Debug)]
pub enum Rules {
    /// WCAG 2.2, levels A and AA.
    All,
    /// Of them, what depends on colours.
    Colours,
}

impl Rules {
    fn wanted(self) -> &'static str {
        match self {
            Self::All => "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']",
            Self::Colours => "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }",
        }
    }
}

/// One thing wrong.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<String>,
}

impl Page {
    /// Everything the checker holds against the page, one line each.
    pub async fn violations(&self, rules: Rules) -> Vec<String> {
        // The checker comes by the browser's own protocol: as a script of the page, the content policy would rightly refuse it.
        let known: bool = self.run("typeof axe === 'object'").await;
        if !known {
            let source = fs::read_to_string(node::modules().join("axe-core/axe.min.js")).unwrap();
            let _: Value = self.run(&format!("{source}; null")).await;
        }
        let check = format!(
            "axe.run(document, {{ runOnly: {}, resultTypes: ['violations'] }}).then((found) => found.violations.map((one) => ({{
                id: one.id, help: one.help,
                nodes: one.nodes.slice(0, 3).map((node) => `${{node.target.join(' ')}}: ${{(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}}`),
            }})))",
            rules.wanted()
        );
        let found: Vec<Violation> = self.run(&check).await;
        found.into_iter().map(|one| format!("{} ({}): {:#?}", one.id, one.help, one.nodes)).collect()
    }
}
