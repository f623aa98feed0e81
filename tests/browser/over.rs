//! What lies over the page keeps hands and eyes off it: dialogs, and the lock.
use std::time::Duration;

use super::{
    api::PASSWORD,
    clinic::{Clinic, at_the_desk},
    page::Page,
    target::{any, button, menuitem, starts, textbox},
};

/// Whether the keyboard is where it should be.
const INSIDE: &str = "document.activeElement.closest('dialog') !== null";

/// Goes round with Tab, both ways, and sees that the keyboard never leaves.
async fn keyboard_stays(page: &Page) {
    for keys in ["Tab", "Shift+Tab"] {
        for step in 0..14 {
            page.press(keys).await;
            let inside: bool = page.run(INSIDE).await;
            assert!(inside, "after {step} times {keys} the keyboard is on the page below");
        }
    }
}

#[tokio::test]
async fn a_dialog_keeps_the_keyboard_and_the_pointer_and_gives_both_back() {
    at_the_desk(
        async |_: &Clinic| (),
        async |page, _, ()| {
            let below = button("Hoje");
            page.sees(&button("Agendar")).await;
            let at = page.reach(&below).await;
            page.focus(&below).await;
            page.press("?").await;
            page.sees(&any("dialog")).await;
            page.sees_no_more(&below).await;
            keyboard_stays(page).await;
            // Neither a click beside it nor what a script does below takes the keyboard away.
            page.click_at(at).await;
            let _: bool = page.run("document.querySelector('.ag-top button').focus() ?? true").await;
            page.until(INSIDE, "the keyboard is back").await;
            page.sees(&any("dialog")).await;
            page.press("Escape").await;
            page.sees_no_more(&any("dialog")).await;
            let given_back = "document.activeElement.textContent.trim() === 'Hoje'";
            page.until(given_back, "the keyboard is where it was").await;
            page.sees(&below).await;
        },
    )
    .await;
}

#[tokio::test]
async fn the_lock_hides_the_page_and_keeps_what_was_typed() {
    at_the_desk(
        async |_: &Clinic| (),
        async |page, _, ()| {
            page.sees(&button("Agendar")).await;
            page.press("n").await;
            let ready = "document.activeElement.getAttribute('role') === 'combobox'";
            page.until(ready, "the patient's field has the keyboard").await;
            page.type_text("Mari").await;
            page.click(&button(starts("Conta de"))).await;
            page.click(&menuitem("Bloquear tela")).await;
            page.sees(&any("dialog")).await;
            page.sees_no_more(&button("Agendar")).await;
            for _ in 0..3 {
                page.press("Escape").await;
            }
            keyboard_stays(page).await;
            let seen: bool = page.run("[...document.querySelectorAll('#app *')].some((one) => one.checkVisibility({ checkVisibilityCSS: true }))").await;
            assert!(!seen, "something of the page can be seen under the lock");
            page.fill(&textbox("Senha"), PASSWORD).await;
            page.press("Enter").await;
            page.sees_no_more(&any("dialog")).await;
            let kept = "document.querySelector('.panel [role=combobox]').value === 'Mari'";
            page.until(kept, "what was typed is still there").await;
        },
    )
    .await;
}

/// Locks the page by its own menu as soon as the agenda has been read once more; later readings do not.
const LOCK_AFTER_READING: &str = "{
    const lock = [...document.querySelectorAll('[role=menuitem]')].find((item) => item.textContent.includes('Bloquear tela'));
    const ask = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await ask(...asked);
        if (String(asked[0]).startsWith('/api/agenda')) {
            window.fetch = ask;
            setTimeout(() => lock.click(), 60);
        }
        return answer;
    };
    true
}";

#[tokio::test]
async fn what_changed_as_the_page_was_locked_is_asked_for_when_the_lock_is_lifted_and_not_under_it() {
    at_the_desk(
        async |clinic: &Clinic| clinic.patient("Marina Teles", "11977770001").await,
        async |page, clinic, marina| {
            page.reads("Tudo confirmado.").await;
            page.click(&button(starts("Conta de"))).await;
            page.sees(&menuitem("Bloquear tela")).await;
            let _: bool = page.run(LOCK_AFTER_READING).await;
            clinic.book(marina, 0, 1, 9 * 60).await;
            page.sees(&any("dialog")).await;
            // Longer than what is shown beside the day waits for the day to rest.
            tokio::time::sleep(Duration::from_millis(800)).await;
            page.fill(&textbox("Senha"), PASSWORD).await;
            page.press("Enter").await;
            page.sees_no_more(&any("dialog")).await;
            page.reads("Marina Teles").await;
        },
    )
    .await;
}
