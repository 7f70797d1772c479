use super::*;

fn number(text: &str) -> BlankNumber {
    BlankNumber::read(text).unwrap()
}

fn run(text: &str) -> BlankRun {
    BlankRun::read(text).unwrap()
}

#[test]
fn a_number_keeps_its_zeros_and_has_eight_digits() {
    for typed in ["00011881", " NO.00011881 ", "No. 00011881", "０００１１８８１"] {
        assert_eq!(number(typed).to_string(), "00011881", "{typed}");
    }
    for typed in ["0011881", "000118811", "", "0001188a", "1188-1"] {
        assert_eq!(BlankNumber::read(typed), Err(StockRefusal::NoNumber(typed.to_string())), "{typed}");
    }
    assert_eq!(run("00011881-00012000").count(), 120);
    assert_eq!(run("00011881 ～ 00012000"), run("00011881--00012000"));
    let backwards = BlankRun::read("00012000-00011881");
    assert_eq!(backwards, Err(StockRefusal::Backwards(number("00012000"), number("00011881"))));
    assert_eq!(typed_runs("00000001，00000003-00000005\n00000007").unwrap().len(), 3);
}

#[test]
fn lists_are_compared_in_any_order() {
    let held = [run("00000010-00000019"), run("00000030-00000039")];
    let list = typed_runs("00000039 00000010-00000015 00000012 00000017-00000031 00000050 00000050").unwrap();
    let found = Difference::between(&list, &held);
    assert_eq!((found.counted, found.held), (6 + 15 + 1 + 1, 20));
    let told = |runs: &[BlankRun]| runs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(told(&found.missing), "00000016 00000032-00000038");
    assert_eq!(told(&found.surplus), "00000020-00000029 00000050");
    assert_eq!(told(&found.doubled), "00000012 00000050");
    assert!(Difference::between(&held, &held).is_none());
    let all = [BlankRun { first: BlankNumber::new(0).unwrap(), last: BlankNumber::LARGEST }];
    assert!(without(&all, &all).is_empty());
}

#[test]
fn the_rate_and_the_demand_are_those_of_the_worked_example() {
    assert_eq!(Spoilage { good: 300, spoiled: 6 }.rate(), Some(196));
    assert_eq!(Spoilage::default().rate(), None);
    let demand = Demand { estimates: [40, 200, 150, 20, 5], stock: 313, allowance: 0 };
    assert_eq!((demand.passes(), demand.order()), (415, 102));
    let demand = Demand { allowance: 2, ..demand };
    assert_eq!((demand.spoiled(), demand.order()), (9, 111));
    assert_eq!(Demand { stock: 1000, ..demand }.order(), 0);
}
