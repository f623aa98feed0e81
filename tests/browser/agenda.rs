//! The front desk's day: every act counted in keys and clicks.
use super::{
    clinic::{Clinic, at_the_desk, clock},
    page::Page,
    target::{Target, button, combobox, entry, has, region, starts, textbox},
};

/// The button of an appointment on the agenda.
fn card(time: &str, name: &str) -> Target {
    button(starts(&format!("{time}, {name}")))
}

/// A patient whose name nobody else's begins with, who comes today in an hour or two.
async fn marina_comes_today(clinic: &Clinic) -> String {
    let marina = clinic.patient("Marina Lopes", "11987654321").await;
    let minute = clinic.half_hour(2);
    clinic.book(marina, 0, 0, minute).await;
    clock(minute)
}

#[tokio::test]
async fn a_known_patient_is_booked_by_keyboard_in_twelve_presses_without_the_pointer() {
    at_the_desk(
        async |clinic: &Clinic| {
            clinic.patient("Marina Lopes", "11987654321").await;
            clinic.patient("Mário Souza", "11987654322").await;
        },
        async |page: &Page, _: &Clinic, ()| {
            page.sees(&button("Agendar")).await;
            page.counted();
            page.press("n").await;
            page.sees(&combobox("Paciente")).await;
            page.type_text("marin").await;
            page.sees(&entry(starts("Marina Lopes"))).await;
            page.press("Enter").await;
            page.press("Enter").await;
            page.reads("Marina Lopes agendado para").await;
            let (keys, pointer) = page.counted();
            println!("known patient by keyboard: {keys} presses, {pointer} pointer acts");
            assert!(keys <= 12, "{keys} key presses");
            assert_eq!(pointer, 0);
            page.sees(&button(has("Marina Lopes, Primeira consulta"))).await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_typist_faster_than_the_search_loses_no_key() {
    at_the_desk(
        async |clinic: &Clinic| clinic.patient("Marina Lopes", "11987654321").await,
        async |page: &Page, _: &Clinic, _| {
            page.sees(&button("Agendar")).await;
            page.press("n").await;
            page.sees(&combobox("Paciente")).await;
            page.type_text("marin\u{e007}\u{e007}").await;
            page.reads("Marina Lopes agendado para").await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_known_patient_is_booked_by_mouse_in_three_clicks_and_the_typed_name() {
    at_the_desk(
        async |clinic: &Clinic| {
            clinic.patient("Marina Lopes", "11987654321").await;
            clock(clinic.half_hour(3))
        },
        async |page: &Page, _: &Clinic, time: String| {
            let slot = button(starts(&format!("Agendar {time}, Carla Nunes")));
            let free = if page.all(&slot).await.is_empty() { button("Agendar") } else { slot };
            page.sees(&free).await;
            page.counted();
            page.click(&free).await;
            page.sees(&combobox("Paciente")).await;
            page.type_text("marina").await;
            page.click(&entry(starts("Marina Lopes"))).await;
            page.click(&button("Agendar").inside(region_of_panel())).await;
            page.reads("Marina Lopes agendado para").await;
            let (_, pointer) = page.counted();
            println!("known patient by mouse: {pointer} clicks");
            assert!(pointer <= 3, "{pointer} clicks");
        },
    )
    .await;
}

#[tokio::test]
async fn a_new_patient_is_booked_with_a_name_and_a_telephone_in_forty_presses() {
    at_the_desk(
        async |_: &Clinic| (),
        async |page: &Page, clinic: &Clinic, ()| {
            page.sees(&button("Agendar")).await;
            page.counted();
            page.press("n").await;
            page.sees(&combobox("Paciente")).await;
            page.type_text("joana dark").await;
            page.sees(&entry(starts("Cadastrar «Joana Dark»"))).await;
            page.press("Enter").await;
            page.sees(&textbox("Telefone com DDD")).await;
            page.type_text("21912345678").await;
            page.press("Enter").await;
            page.reads("Joana Dark agendado para").await;
            let (keys, pointer) = page.counted();
            println!("new patient: {keys} presses, {pointer} pointer acts");
            assert!(keys <= 40 && pointer == 0, "{keys} key presses, {pointer} pointer acts");
            let found = clinic.rita.get("/api/contacts?search=joana").await;
            assert_eq!(found["items"][0]["phone"], "21912345678", "{found}");
        },
    )
    .await;
}

#[tokio::test]
async fn arrived_is_one_key_or_one_click_and_can_be_undone_by_either() {
    at_the_desk(marina_comes_today, async |page: &Page, _: &Clinic, time: String| {
        let card = card(&time, "Marina Lopes");
        page.sees(&card).await;
        let arrived = button(has("chegou")).inside(region("Bruno Tavares"));
        let booked = button(has("agendado")).inside(region("Bruno Tavares"));
        // By one click on the card's own button.
        page.counted();
        page.click(&button(format!("Chegou: Marina Lopes, {time}"))).await;
        page.sees(&arrived).await;
        assert_eq!(page.counted(), (0, 1));
        page.click(&button("Desfazer")).await;
        page.sees(&booked).await;
        page.sees_no_more(&arrived).await;
        // By one key on the card that has the keyboard.
        page.focus(&card).await;
        page.counted();
        page.press("c").await;
        page.sees(&arrived).await;
        assert_eq!(page.counted(), (1, 0));
        page.press("Ctrl+z").await;
        page.sees(&booked).await;
        page.sees_no_more(&arrived).await;
    })
    .await;
}

#[tokio::test]
async fn a_desk_whose_clock_is_wrong_books_by_the_clinics_time() {
    at_the_desk(
        async |clinic: &Clinic| clinic.patient("Marina Lopes", "11987654321").await,
        async |page: &Page, clinic: &Clinic, _| {
            page.set_clock_wrong(150).await;
            // A half hour may begin meanwhile.
            let before = [clinic.half_hour(0), clinic.half_hour(1)];
            page.goto("/agenda").await;
            page.sees(&button("Agendar")).await;
            page.press("n").await;
            page.sees(&textbox("Horário")).await;
            let offered = page.find(&textbox("Horário")).await.value;
            let mut next = before.into_iter().chain([clinic.half_hour(0), clinic.half_hour(1)]);
            assert!(next.any(|minute| clock(minute) == offered), "offers {offered}");
        },
    )
    .await;
}

#[tokio::test]
async fn an_appointment_goes_to_another_day_in_six_presses() {
    at_the_desk(marina_comes_today, async |page: &Page, clinic: &Clinic, time: String| {
        let card = card(&time, "Marina Lopes");
        page.focus(&card).await;
        page.counted();
        page.press("x").await;
        page.reads("Marina Lopes recortado").await;
        page.press("j").await;
        page.until(&format!("location.search.includes('{}')", clinic.day(1)), "tomorrow is shown").await;
        page.press("v").await;
        page.sees(&card).await;
        page.reads("Marina Lopes movido para").await;
        let (keys, pointer) = page.counted();
        println!("move to another day: {keys} presses");
        assert!(keys <= 6 && pointer == 0, "{keys} key presses, {pointer} pointer acts");
        clinic.has(1, |a| a["starts_at"] == clinic.instant(1, minutes(&time))).await;
    })
    .await;
}

#[tokio::test]
async fn an_appointment_goes_to_another_professional_and_hour_by_one_drag() {
    at_the_desk(marina_comes_today, async |page: &Page, clinic: &Clinic, time: String| {
        let card = card(&time, "Marina Lopes");
        let from = page.reach(&card).await;
        let other = page.find(&region("Carla Nunes")).await;
        let middle = page.middle_of(&other).await;
        page.counted();
        page.drag(from, (middle.0, from.1)).await;
        page.sees(&card.clone().inside(region("Carla Nunes"))).await;
        assert_eq!(page.counted(), (0, 1));
        page.reads("Marina Lopes movido para").await;
        clinic.has(0, |a| a["professional_id"] == clinic.professionals[1]).await;
        page.press("Ctrl+z").await;
        page.sees(&card.clone().inside(region("Bruno Tavares"))).await;
    })
    .await;
}

#[tokio::test]
async fn an_appointment_goes_to_another_day_by_one_drag_across_the_week() {
    at_the_desk(marina_comes_today, async |page: &Page, clinic: &Clinic, time: String| {
        let week = format!("/agenda?date={}&view=week&professional={}", clinic.day(0), clinic.professionals[0]);
        page.goto(&week).await;
        let card = card(&time, "Marina Lopes");
        let from = page.reach(&card).await;
        let days: Vec<(f64, f64)> = page
            .run("[...document.querySelectorAll('.ag-col')].map((c) => { const b = c.getBoundingClientRect(); return [b.left, b.right]; })")
            .await;
        let here = days.iter().position(|day| from.0 >= day.0 && from.0 < day.1).unwrap();
        let there = if here == 6 { 5 } else { here + 1 };
        page.counted();
        page.drag(from, ((days[there].0 + days[there].1) / 2.0, from.1)).await;
        page.reads("Marina Lopes movido para").await;
        assert_eq!(page.counted(), (0, 1));
        let by = i64::try_from(there).unwrap() - i64::try_from(here).unwrap();
        clinic.has(by, |a| a["starts_at"] == clinic.instant(by, minutes(&time))).await;
    })
    .await;
}

/// Every line under a name, as shown whole or left out whole, and as neither.
const LINES: &str = "(() => {
    const told = { shown: 0, out: 0, cut: [] };
    for (const main of document.querySelectorAll('.appt-main')) {
        const [line, card] = [main.querySelector('.appt-meta'), main.getBoundingClientRect()];
        const box = line.getBoundingClientRect();
        if (box.left >= card.right) told.out += 1;
        else if (box.bottom <= card.bottom + 0.5 && line.scrollHeight <= line.clientHeight + 1) told.shown += 1;
        else told.cut.push(main.textContent);
    }
    return told;
})()";

#[tokio::test]
async fn what_a_card_has_no_room_for_is_left_out_whole() {
    let prepared = async |clinic: &Clinic| {
        for (later, name) in ["Ana Lia", "Maria Aparecida Cavalcanti de Albuquerque"].into_iter().enumerate()
        {
            let later = i64::try_from(later).unwrap();
            let who = clinic.patient(name, &format!("1198765432{later}")).await;
            clinic.book(who, 0, 0, clinic.half_hour(2 + later)).await;
        }
    };
    at_the_desk(prepared, async |page: &Page, clinic: &Clinic, ()| {
        let week =
            format!("/agenda?date={}&view=week&professional={}", clinic.day(0), clinic.professionals[0]);
        page.goto(&week).await;
        page.sees(&button(has("Maria Aparecida"))).await;
        let told: serde_json::Value = page.run(LINES).await;
        assert_eq!(told, serde_json::json!({ "shown": 1, "out": 1, "cut": [] }));
    })
    .await;
}

#[tokio::test]
async fn a_panel_that_closes_gives_its_room_back_and_the_next_one_has_room_again() {
    at_the_desk(marina_comes_today, async |page: &Page, _: &Clinic, time: String| {
        page.sees(&card(&time, "Marina Lopes")).await;
        let whole: i64 = page.run("document.querySelector('main').clientWidth").await;
        // A scroll bar more or less is neither.
        let narrow = format!("document.querySelector('main').clientWidth < {}", whole - 300);
        let wide = format!("document.querySelector('main').clientWidth > {}", whole - 50);
        page.press("n").await;
        page.until(&narrow, "the panel has its room").await;
        page.click(&card(&time, "Marina Lopes")).await;
        page.until("document.querySelector('.panel h2')?.textContent.includes('Marina')", "another panel")
            .await;
        page.until(&narrow, "it has room as well").await;
        page.press("Escape").await;
        page.until(&wide, "the agenda has all the room again").await;
        page.press("n").await;
        page.until(&narrow, "a panel has its room again").await;
    })
    .await;
}

/// The panel beside the agenda.
fn region_of_panel() -> Target {
    Target { role: "complementary", name: "Novo agendamento".into(), inside: None }
}

fn minutes(time: &str) -> i64 {
    let (hours, minutes) = time.split_once(':').unwrap();
    hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap()
}
