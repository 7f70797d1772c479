//! The form that notes facts: what is missing is proposed first, a value is judged at its field, nothing is taken back unsaid.

use skillcert::app::ledger::request::LedgerAct;
use skillcert::domain::ledger::event::Thing;

use super::acts::press;
use super::small;
use crate::screens::screen;
use crate::support::fake_ledger::acts;

fn noted(fact: &str, value: &str, reason: &str) -> LedgerAct {
    LedgerAct::NoteFact {
        thing: Thing::Institution("S000062010001".into()),
        fact: fact.into(),
        value: value.into(),
        reason: reason.into(),
    }
}

#[test]
fn a_fact_is_chosen_from_those_missing_and_its_value_from_its_words() {
    let mut app = small("5");
    press(&mut app, "Z");
    let painted = screen(&app);
    assert!(painted.contains("样例路1号") && painted.contains("GZ-01"), "{painted}");
    assert!(painted.contains("> 机构性质"), "what is missing is proposed: {painted}");
    press(&mut app, "enter");
    assert!(screen(&app).contains("民办非企业单位"), "{}", screen(&app));
    press(&mut app, "down enter");
    let mut done = acts(&press(&mut app, "y"));
    let LedgerAct::NoteFact { thing, .. } = done[0].clone() else { panic!("{done:?}") };
    if let LedgerAct::NoteFact { thing, .. } = &mut done[0] {
        *thing = Thing::Institution("S000062010001".into());
    }
    assert!(matches!(thing, Thing::Institution(_)));
    assert_eq!(done, [noted("body-nature", "private-non-enterprise", "")]);
}

#[test]
fn a_wrong_value_is_told_at_its_field_and_an_empty_one_is_said_why() {
    let mut app = small("5");
    press(&mut app, "Z up enter '91350100M000100Y44' enter");
    assert!(app.status.text.contains("应为 3"), "{}", app.status.text);
    press(&mut app, "ctrl-u enter");
    assert!(screen(&app).contains("原因"), "{}", screen(&app));
    press(&mut app, "'写错了' enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::NoteFact { fact, value, reason, .. }] = &done[..] else { panic!("{done:?}") };
    assert_eq!((fact.as_str(), value.as_str(), reason.as_str()), ("credit-code", "", "写错了"));
}
