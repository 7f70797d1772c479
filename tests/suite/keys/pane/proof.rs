//! The proof of a certificate, by one key from the ledger and from a row of the roster.

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{LedgerAnswer, LedgerRequest, RequestKind};
use skillcert::app::msg::{Effect, Msg};
use skillcert::app::overlay::Overlay;
use skillcert::app::proof::PrintedThing;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::acts::press as answered;
use super::{ask_of, serve, small};
use crate::keys::{GOOD, app, app_with, press};
use crate::screens::screen;
use crate::support::fake_ledger::Fake;
use skillcert::app::ledger::request::RefusedAct;
use skillcert::app::ledger::{AskedAnswer, FormQuestion, JudgedAnswer};

#[test]
fn a_key_shows_the_proof_of_the_certificate_in_hand() {
    for keys in ["2", "2 enter", "1 enter"] {
        let mut app = small(keys);
        assert_eq!(serve(&mut app, Fake::small(), "p"), [RequestKind::Proof], "{keys}");
        assert_eq!(app.place(), Place::Text, "{keys}");
        assert!(screen(&app).starts_with("职业技能等级证书 S0000"), "{keys}: {}", screen(&app));
        // It is one page: there is nothing to turn to.
        press(&mut app, "tab");
        assert!(screen(&app).contains("请看样核对"), "{keys}: {}", screen(&app));
        press(&mut app, "esc");
        assert!(app.place() != Place::Text, "{keys}");
    }
}

#[test]
fn a_row_is_proved_once_it_has_a_number_and_nobody_who_went_on_is_shown_it() {
    let mut app = app();
    let effects = press(&mut app, "p");
    let (seq, LedgerRequest::Proof { subject, columns }) = ask_of(&effects) else { panic!("{effects:?}") };
    let row = subject.row.as_ref().expect("of a row");
    assert!(!row.holder.name.is_empty() && !row.profile.is_empty() && *columns == usize::from(app.size.0));
    press(&mut app, "?");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Proof(vec!["校样".into()]) });
    assert!(matches!(app.overlays.open(), Some(Overlay::Help(_))));
    press(&mut app, "esc");
    // Without a number there is nothing to prove.
    let mut bare = GOOD;
    bare[7] = "";
    let mut app = app_with(Lang::Zh, (80, 24), &[bare]);
    let effects = press(&mut app, "p");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Ledger { .. })), "{effects:?}");
    assert_eq!(app.status.text, app.locale.text("status.no-proof"));
}

/// Print data are asked about where the batch or the certificate is in hand; what was printed before takes another answer.
#[test]
fn print_data_are_written_by_a_key_and_once_more_only_for_a_reason() {
    for (keys, key) in [("2", "P"), ("2 enter", "P")] {
        let mut app = small(keys);
        answered(&mut app, key);
        assert!(screen(&app).contains("写打印数据 S0000"), "{keys}: {}", screen(&app));
        answered(&mut app, "'发证' enter 'pics' enter enter");
        assert!(screen(&app).contains("打印数据-S0000"), "{keys}: {}", screen(&app));
        let effects = answered(&mut app, "enter");
        let (seq, LedgerRequest::PrintData(wish)) = ask_of(&effects) else { panic!("{keys}: {effects:?}") };
        assert!(matches!(wish.of, PrintedThing::Certificate(_)) && wish.reason == "发证" && !wish.again, "{wish:?}");
        assert!(
            wish.photos.as_ref().is_some_and(|path| path.ends_with("pics")) && wish.photo_size.is_none(),
            "{wish:?}"
        );
        let refused =
            Failure { here: "再答一遍".into(), ..Failure::new(FailureKind::Rule, "以前打印过", "x") };
        app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(refused) });
        assert_eq!(app.place(), Place::Prompt, "{keys}");
        // The reason it was printed for is none for printing it again, and Enter alone spoils no blank.
        assert!(screen(&app).contains("原因") && !screen(&app).contains("> 发证"), "{keys}: {}", screen(&app));
        assert!(answered(&mut app, "enter").is_empty(), "{keys}");
        let effects = answered(&mut app, "'破损重印' enter enter enter enter");
        let (seq, LedgerRequest::PrintData(wish)) = ask_of(&effects) else { panic!("{keys}: {effects:?}") };
        assert!(wish.again && wish.reason == "破损重印", "{wish:?}");
        let told = vec!["写好了".to_string(), "其中 1 本没有对应的空白证书".to_string()];
        app.update(Msg::Ledger { seq, answer: LedgerAnswer::Printed(told) });
        assert!(app.place() == Place::Text && screen(&app).contains("没有对应的空白证书"), "{keys}: {}", screen(&app));
    }
}

/// What only the disk or the tables can judge is judged as soon as it is given, and asked for again at its field; what was typed behind it stays.
#[test]
fn each_answer_is_judged_where_it_is_given() {
    let mut app = small("2 P");
    assert!(ledger_asks(&press(&mut app, "'发证' enter")).is_empty(), "a reason is judged by nobody else");
    let effects = press(&mut app, "'pics' enter");
    let (seq, LedgerRequest::Judge(asked)) = ask_of(&effects) else { panic!("{effects:?}") };
    let [AskedAnswer { question: FormQuestion::Photos, what: JudgedAnswer::Photos(_, folder) }] = &asked[..] else {
        panic!("{asked:?}")
    };
    assert!(folder.ends_with("pics"));
    press(&mut app, "'1寸'");
    let refused = RefusedAct {
        why: Failure::new(FailureKind::File, "没有这个文件夹", ""),
        question: Some(FormQuestion::Photos),
    };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Judged(Some(refused.clone())) });
    let shown = screen(&app);
    assert!(shown.contains("没有这个文件夹") && shown.contains("> 照片文件夹  pics"), "{shown}");
    // Given again, all that was answered so far is judged; the size that was typed meanwhile stands in its line.
    press(&mut app, "ctrl-u 'photos' enter");
    assert!(screen(&app).contains("> 照片尺寸    1寸"), "{}", screen(&app));
    let effects = press(&mut app, "enter");
    let (seq, LedgerRequest::Judge(asked)) = ask_of(&effects) else { panic!("{effects:?}") };
    let questions: Vec<FormQuestion> = asked.iter().map(|one| one.question).collect();
    assert_eq!(questions, [FormQuestion::Photos, FormQuestion::PhotoSize]);
    // Whoever is back at the question by then is told, and stays there.
    press(&mut app, "up up");
    assert!(screen(&app).contains("> 照片文件夹  photos"), "{}", screen(&app));
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Judged(Some(refused.clone())) });
    assert!(
        screen(&app).contains("> 照片文件夹  photos") && screen(&app).contains("没有这个文件夹"),
        "{}",
        screen(&app)
    );
    // Whoever has left the form is told nothing.
    let effects = press(&mut app, "enter");
    let (seq, _) = ask_of(&effects);
    press(&mut app, "esc");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Judged(Some(refused)) });
    assert!(!screen(&app).contains("没有这个文件夹"), "{}", screen(&app));
}

fn ledger_asks(effects: &[Effect]) -> Vec<&Effect> {
    effects.iter().filter(|effect| matches!(effect, Effect::Ledger { .. })).collect()
}
