//! Reading back a reply in the ledger pane: a file and a day are asked, what would come of it is told, and then it is taken.

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{LedgerAct, LedgerAnswer, LedgerRequest, Reached};
use skillcert::app::msg::Msg;
use skillcert::failure::{Failure, FailureKind};

use super::acts::press;
use super::{ask_of, small};
use crate::keys::press as unanswered;
use crate::screens::screen;
use crate::support::fake_ledger::{acts, day};

#[test]
fn a_reply_is_told_before_it_is_taken_and_asked_for_again_where_it_does_not_fit() {
    let mut app = small("2");
    press(&mut app, "r");
    assert!(screen(&app).contains("读回回执"), "{}", screen(&app));
    let effects = {
        assert!(matches!(ask_of(&unanswered(&mut app, "'回执.xlsx' enter")), (_, LedgerRequest::Judge(_))));
        unanswered(&mut app, "ctrl-u '2026-11-20' enter")
    };
    let (seq, _) = ask_of(&effects);
    let warning = "回执.xlsx：第 3 批，被退回 1、已受理 4\n退回 1 个：照片".to_string();
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Reached(Reached { warning, ..Reached::default() }) });
    let painted = screen(&app);
    assert!(painted.contains("已受理 4") && painted.contains("照片"), "{painted}");
    let done = acts(&unanswered(&mut app, "y"));
    let day = day("2026-11-20").expect("a day");
    assert_eq!(done, [LedgerAct::Reply { file: "回执.xlsx".into(), on: day }]);

    let mut app = small("2");
    press(&mut app, "r '别批.xlsx' enter");
    let effects = unanswered(&mut app, "enter");
    let (seq, _) = ask_of(&effects);
    let failure = Failure::new(FailureKind::Rule, "2 行对不上： 第 5 行：台账里没有这个证书", "");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) });
    assert!(screen(&app).contains("第 5 行"), "{}", screen(&app));
    assert_ne!(app.place(), Place::Confirm, "nobody is asked to agree to it");
}
