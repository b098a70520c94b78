//! Values, units, qualifiers, changes, statuses and bases.

use super::{figure, place, published};
use solieu::terms::{Change, Qualifier, Status};
use solieu::{Document, Extractor};

#[test]
fn a_comparison_carries_into_the_parts_of_a_total() {
    let text = "GRDP tăng 6,06% so với cùng kỳ, trong đó nông nghiệp tăng 3,71%, công nghiệp tăng 8,95%.";
    assert_eq!(figure(text, "8,95%").basis.as_deref(), Some("so với cùng kỳ"));
    assert_eq!(figure("GRDP tăng 6,06% so với cùng kỳ; nợ xấu chiếm 1,5%.", "1,5%").basis, None);
}

#[test]
fn a_plan_carries_over_clauses_of_nothing_but_times() {
    let text = "Toàn tỉnh giải ngân đạt 59,6% kế hoạch; ước đến 31/12/2025 đạt 84%.";
    assert_eq!(figure(text, "84%").basis.as_deref(), Some("kế hoạch"));
    assert_eq!(figure("Giải ngân đạt 59,6% kế hoạch; tỷ lệ hộ nghèo là 8,4%.", "8,4%").basis, None);
}

#[test]
fn parts_of_a_result_keep_its_status_behind_a_plan() {
    let text = "Lũy kế giải ngân ước đạt 8.150 tỷ đồng. Dự kiến kế hoạch giao là 311.000 tỷ đồng. Trong đó, vốn trong nước giải ngân 5.700 tỷ đồng, đạt 2,2% kế hoạch.";
    assert_eq!(figure(text, "5.700 tỷ đồng").status, Status::Estimate);
}

#[test]
fn what_the_second_of_two_changes_is_compared_with_holds_for_both() {
    let text = "Thu giảm 6% và chi giảm 22% so với tháng trước.";
    assert_eq!(figure(text, "6%").basis.as_deref(), Some("so với tháng trước"));
    let text = "Thu giảm 6% so với quý trước và chi giảm 22% so với tháng trước.";
    assert_eq!(figure(text, "6%").basis.as_deref(), Some("so với quý trước"));
}

#[test]
fn both_ends_of_a_range_may_have_a_denominator() {
    let record = figure("Năng suất đạt từ 7 tấn/ha đến 9 tấn/ha.", "7 tấn/ha đến 9 tấn/ha");
    assert_eq!((record.value.amount.as_str(), record.value.upper.as_deref(), record.unit.as_str()), ("7", Some("9"), "tấn/ha"));
}

#[test]
fn a_syllable_is_not_two_words_without_a_blank() {
    assert_eq!(figure("Khách ăn thêm 10 trứng gà.", "10 trứng").unit, "trứng", "not 10 triệu");
}

#[test]
fn a_change_holds_for_a_second_comparison_and_for_parts_without_a_verb() {
    let text = "IIP tăng 3,6% so với tháng trước và 11,9% so với cùng kỳ.";
    assert_eq!(figure(text, "11,9%").change.as_str(), "increase");
    let text = "Bán lẻ tăng 12,9%, ăn uống 13,8%, tỷ trọng dịch vụ 40%.";
    assert_eq!((figure(text, "13,8%").change.as_str(), figure(text, "40%").change.as_str()), ("increase", "none"));
    let text = "Số hộ nghèo vọt lên 55.596 hộ, bằng 43,6% số hộ.";
    assert_eq!(figure(text, "43,6% số hộ").change.as_str(), "none");
}

#[test]
fn a_comparison_may_stand_right_before_its_change() {
    assert_eq!(figure("Có 14 vụ, so với tháng trước giảm 3 vụ.", "3 vụ").basis.as_deref(), Some("so với tháng trước"));
}

#[test]
fn the_level_that_was_expected_or_planned_is_told_behind_its_name() {
    let text = "Tồn kho giảm 5 triệu thùng, nhiều hơn so với dự đoán giảm 2 triệu thùng. Thu được 1,3 tỷ đồng trên dự toán 1,6 tỷ đồng.";
    let status = |quote| figure(text, quote).status.as_str();
    assert_eq!((status("5 triệu thùng"), status("2 triệu thùng")), ("actual", "forecast"));
    assert_eq!((status("1,3 tỷ đồng"), status("1,6 tỷ đồng")), ("actual", "target"));
    assert_eq!(figure("Thu được 1,3 tỷ đồng, tăng 5% so với dự toán 6%.", "5%").status.as_str(), "actual");
}

#[test]
fn a_share_may_be_told_without_a_verb() {
    let record = figure("Toàn xã có 910 hộ, cứ 5 hộ thì gần 3 hộ trồng chè.", "5 hộ thì gần 3 hộ");
    assert_eq!((record.value.amount.as_str(), record.value.of.as_deref(), record.qualifier.as_str()), ("3", Some("5"), "nearly"));
}

#[test]
fn numerals_in_a_row_are_a_range_in_the_scale_of_the_last() {
    let range = |text: &str, quote: &str| figure(text, quote).value.upper.map(|upper| (figure(text, quote).value.amount, upper));
    assert_eq!(range("Còn dư bảy tám chục triệu đồng.", "bảy tám chục triệu đồng"), Some(("70000000".into(), "80000000".into())));
    assert_eq!(range("Giá cao gấp năm đến sáu lần năm ngoái.", "năm đến sáu lần"), Some(("5".into(), "6".into())));
}

#[test]
fn the_currency_goes_on_behind_shares() {
    let text = "Xuất khẩu đạt 35,5 tỷ USD, tăng 17,7%, nhập khẩu 38,6 tỷ.";
    assert_eq!(figure(text, "38,6 tỷ").unit, "USD");
}

#[test]
fn a_code_does_not_make_dots_decimal() {
    assert_eq!(figure("Hỗ trợ 936.000 đồng/tháng (mã thủ tục 1.012783).", "936.000 đồng/tháng").value.amount, "936000");
}

#[test]
fn a_colon_announces_what_is_counted() {
    assert_eq!(figure("Xin báo mấy con số: 18/18 xã đạt chuẩn.", "18/18 xã").value.of.as_deref(), Some("18"));
    assert_eq!(figure("Tiểu dự án 4: 19 công trình giao thông.", "19 công trình").unit, "công trình");
}

#[test]
fn the_word_that_compares_is_no_qualifier() {
    let text = "Tỷ lệ đạt 60,8%, cao hơn 5,8% so với chỉ tiêu, với hơn 450 hộ tham gia.";
    assert_eq!(figure(text, "5,8%").qualifier, Qualifier::Exact);
    assert_eq!(figure(text, "450 hộ").qualifier, Qualifier::Over);
}

#[test]
fn a_heading_makes_plans_of_the_items_below_it() {
    let text = "I. KẾT QUẢ NĂM 2023\n1. Xây 12 cầu.\nII. MỤC TIÊU NĂM 2024\n1. Xây 15 cầu.\n2. Trồng 30 ha rừng.\nIII. KIẾN NGHỊ\n1. Xã thiếu 9 cán bộ.";
    let status = |quote| figure(text, quote).status;
    assert_eq!((status("12 cầu"), status("15 cầu"), status("30 ha"), status("9 cán bộ")), (Status::Actual, Status::Target, Status::Target, Status::Actual));
}

#[test]
fn a_year_to_come_is_a_plan() {
    let text = "Năm 2026: thu nhập bình quân 68 triệu đồng/người, trồng 15 ha rừng. Năm 2025 trồng 12 ha rừng.";
    let status = |quote| published(text, "2025-12-22", quote).status;
    assert_eq!((status("68 triệu đồng/người"), status("15 ha"), status("12 ha")), (Status::Target, Status::Target, Status::Actual));
}

#[test]
fn by_how_much_a_rate_has_changed_is_a_rate() {
    let text = "Thu nhập bình quân đạt 60,5 triệu đồng/người/năm, tăng 5,2 triệu đồng so với năm trước.";
    assert_eq!(figure(text, "5,2 triệu đồng").unit, "VND/người/năm");
    assert_eq!(figure("Giá cát tăng từ 320.000 đồng lên 410.000 đồng/m3.", "320.000 đồng").unit, "VND/m3");
    assert_eq!(figure("Đơn giá khoán nâng từ 400.000 lên 600.000 đồng/ha/năm.", "400.000").unit, "VND/ha/năm");
}

#[test]
fn a_number_takes_the_unit_before_its_colon() {
    let record = figure("Xi măng (nghìn tấn): 1.418 (số sơ bộ).", "1.418");
    assert_eq!((record.value.amount.as_str(), record.unit.as_str(), record.subject.as_deref()), ("1418000", "tấn", Some("Xi măng")));
    assert_eq!(figure("Tính đến hết tháng 6, số thuê bao khoảng 68,8 triệu.", "68,8 triệu").unit, "thuê bao");
}

#[test]
fn growth_with_what_grows_is_a_level() {
    let change = |text: &str| figure(text, "16%").change;
    assert_eq!(change("Năm nay tăng trưởng tín dụng 16%."), Change::None);
    assert_eq!(change("Năm nay tín dụng tăng trưởng 16%."), Change::Increase);
}

#[test]
fn a_bracket_of_a_past_year_is_a_fact_in_a_list_of_targets() {
    let text = "Các chỉ tiêu chủ yếu năm 2026:\n1. Thu nhập bình quân 68 triệu đồng/người (năm 2024 là 61 triệu đồng/người).";
    let document = Document { published: Some("2025-12-20".into()), ..Document::new("case", text) };
    let told: Vec<_> = Extractor::new().extract(&document).into_iter().map(|r| r.status).collect();
    assert_eq!(told, [Status::Target, Status::Actual]);
}

#[test]
fn a_verb_of_change_may_be_left_out_before_the_next_place_or_name() {
    let text = "Năm 2021, tỉnh Sóc Trăng giảm 312.000 thẻ, Nghệ An 139.500 thẻ.";
    assert_eq!(figure(text, "139.500 thẻ").change, Change::Decrease);
    let text = "Công nghiệp tăng 15,2%, nông, lâm nghiệp và thủy sản 1,4%.";
    assert_eq!(figure(text, "1,4%").change, Change::Increase);
}

#[test]
fn a_superlative_at_the_end_of_a_clause_is_of_the_figure_behind_it() {
    assert_eq!(figure("Năm 2023, huyện Sơn Động giảm nhanh nhất, 9,7 điểm phần trăm.", "9,7 điểm phần trăm").change, Change::Decrease);
    assert_eq!(figure("Năm 2023, xã Pa Cheo giảm nhiều nhất: 112 hộ.", "112 hộ").change, Change::Decrease);
}

#[test]
fn a_comparison_at_the_start_of_a_clause_holds_up_to_the_semicolon() {
    let text = "Xảy ra 76 vụ, làm chết 58 người; so với cùng kỳ giảm 11 vụ nhưng tăng 3 người chết.";
    assert_eq!(figure(text, "3 người").basis.as_deref(), Some("so với cùng kỳ"));
    assert_eq!(figure(text, "76 vụ").basis, None);
}

#[test]
fn words_behind_the_noun_make_a_range_that_is_open_above() {
    assert_eq!(figure("Tỉnh dựng lại từ 90% số nhà sập trở lên.", "90% số nhà").qualifier, Qualifier::AtLeast);
    assert_eq!(figure("Tỉnh dựng lại từ 9 nhà trở lên.", "9 nhà").qualifier, Qualifier::AtLeast);
}

#[test]
fn a_bracket_behind_a_gap_is_no_level_of_the_plan_before_it() {
    let text = "Tỉnh Lai Châu giải ngân đạt 40,5% kế hoạch, thấp hơn bình quân cả nước (46,3%).";
    assert_eq!(figure(text, "46,3%").status, Status::Actual);
    assert_eq!(place(text, "46,3%").as_deref(), Some("Việt Nam"));
    assert_eq!(figure("Giải ngân đạt 40,5% kế hoạch (667 tỷ đồng).", "667 tỷ đồng").status, Status::Target);
}

#[test]
fn a_verb_of_change_holds_for_the_parts_that_leave_it_out() {
    let text = "Năm 2013, tổng sản phẩm tăng 11,6%, trong đó nông - lâm nghiệp 6,8%, dịch vụ 14,2%.";
    assert_eq!((figure(text, "6,8%").change, figure(text, "14,2%").change), (Change::Increase, Change::Increase));
}

#[test]
fn a_limit_is_no_change() {
    let text = "Phấn đấu tỷ lệ trễ hẹn không vượt 5%, thu nhập không thấp hơn 36 triệu đồng.";
    assert_eq!(figure(text, "5%").change, Change::None);
    assert_eq!(figure(text, "36 triệu đồng").change, Change::None);
    assert_eq!(figure("Năm nay thu nhập thấp hơn 36 triệu đồng so với năm trước.", "36 triệu đồng").change, Change::Decrease);
}

#[test]
fn a_bracket_with_a_year_that_is_over_is_no_goal() {
    let text = "Ngày 18/7/2023\nMục tiêu năm 2025 là tỷ lệ thấp còi không vượt quá 30% (năm 2022 là 35,4%).";
    assert_eq!(figure(text, "35,4%").status, Status::Actual);
    let text = "Ngày 18/7/2023\nMục tiêu năm 2025 là tỷ lệ thấp còi không vượt quá 30% (năm 2030 là 25,4%).";
    assert_eq!(figure(text, "25,4%").status, Status::Target);
    let text = "Ngày 18/7/2023\nTăng trưởng năm 2023 dự kiến 7,5% (năm 2022 ước 5,6%).";
    assert_eq!(figure(text, "5,6%").status, Status::Estimate);
}

#[test]
fn by_how_much_a_rate_is_above_another_is_a_rate() {
    let text = "Giá bình quân đạt 626,9 USD/tấn, cao hơn năm ngoái 58 USD. Doanh thu tăng 5 triệu USD. Thu nhập đạt 9,6 triệu đồng/người/năm, cao hơn năm 2017 1,1 triệu đồng.";
    assert_eq!(figure(text, "1,1 triệu đồng").unit, "VND/người/năm");
    assert_eq!(figure(text, "58 USD").unit, "USD/tấn");
    assert_eq!(figure(text, "5 triệu USD").unit, "USD");
}

#[test]
fn a_scaled_part_of_what_is_counted_is_no_money() {
    let text = "Tỉnh đón 4,06 triệu lượt người, trong đó khách quốc tế 384 nghìn.";
    assert_eq!(figure(text, "384 nghìn").unit, "lượt người");
    assert_eq!(figure("Tỉnh đón 4,06 triệu lượt người. Vé vào cửa 384 nghìn.", "384 nghìn").unit, "VND");
}

#[test]
fn one_of_those_counted_is_not_counted_along() {
    let text = "Khi biết anh làm cho 2 công ty, giám đốc công ty A đã yêu cầu lựa chọn.";
    assert_eq!(figure(text, "2 công ty").unit, "công ty");
    let text = "Huyện khen thưởng 12 tập thể, cá nhân có thành tích.";
    assert_eq!(figure(text, "12 tập thể, cá nhân").unit, "tập thể, cá nhân");
}

#[test]
fn a_share_of_a_total_is_taken_of_it() {
    let text = "Hợp đồng chiếm tới 20% trong tổng thu nhập của hãng. Hợp đồng tăng 20% trong năm 2016.";
    let basis = |n: usize| Extractor::new().extract(&Document::new("case", text))[n].basis.clone();
    assert_eq!(basis(0).as_deref(), Some("tổng thu nhập của hãng"));
    assert_eq!(basis(1), None);
}

#[test]
fn a_count_inside_the_name_of_a_plan_does_not_part_it_from_its_amount() {
    let text = "Tổng kế hoạch vốn năm 2019 của 2 chương trình là 1.128,6 tỷ đồng, trong đó giảm nghèo 596,3 tỷ đồng.";
    assert_eq!(figure(text, "1.128,6 tỷ đồng").status, Status::Target);
    assert_eq!(figure(text, "596,3 tỷ đồng").status, Status::Target);
}

#[test]
fn the_next_in_a_row_has_changed_as_the_first() {
    let text = "Huyện Mèo Vạc giảm được 745 hộ nghèo, kế đến là huyện Đồng Văn 612 hộ nghèo.";
    assert_eq!(figure(text, "612 hộ nghèo").change, Change::Decrease);
    let text = "Huyện Mèo Vạc giảm được 745 hộ nghèo, nhiều nhất là huyện Đồng Văn có 612 hộ nghèo.";
    assert_eq!(figure(text, "612 hộ nghèo").change, Change::None);
}

#[test]
fn a_plan_is_named_across_a_long_bracket() {
    let text = "Tổng kế hoạch vốn thực hiện các chương trình mục tiêu quốc gia của tỉnh Lạng Sơn (bao gồm cả vốn năm trước được phép kéo dài sang năm sau theo quy định của Chính phủ) là 1.786,5 tỷ đồng.";
    assert_eq!(figure(text, "1.786,5 tỷ đồng").status, Status::Target);
    assert_eq!(figure(&text.replace(" là ", " đạt "), "1.786,5 tỷ đồng").status, Status::Actual);
}

#[test]
fn a_level_that_holds_now_is_a_fact_in_a_plan() {
    let text = "Năm 2025, thành phố phấn đấu nâng tỷ lệ lấp đầy từ 61% hiện nay lên 68%.";
    let status = |quote| figure(text, quote).status;
    assert_eq!((status("61%"), status("68%")), (Status::Actual, Status::Target));
}

#[test]
fn shares_in_a_row_keep_what_the_first_is_taken_of() {
    let basis = |text, quote| figure(text, quote).basis;
    let text = "Đồng bằng sông Hồng đã có 99,2% số xã về đích, Đông Nam Bộ 91,4%, còn Tây Nguyên 61,6%.";
    assert_eq!((basis(text, "91,4%").as_deref(), basis(text, "61,6%").as_deref()), (Some("số xã"), Some("số xã")));
    assert_eq!(basis("Kinh tế số đạt 20% GRDP (năm 2021: 6,86%).", "6,86%"), None, "another time");
}

#[test]
fn who_has_assigned_an_amount_stands_behind_it() {
    let text = "Tỉnh giải ngân 57,3% tổng vốn 1.096,7 tỷ đồng Trung ương giao; vốn sự nghiệp mới ở mức 38,9%.";
    let status = |quote| figure(text, quote).status;
    assert_eq!((status("1.096,7 tỷ đồng"), status("38,9%")), (Status::Target, Status::Actual));
    assert_eq!(figure("Xã Nậm Cần còn 15 hộ nghèo.", "15 hộ nghèo").status, Status::Actual, "a name");
}

#[test]
fn parts_of_sums_and_wholes_before_a_comma_are_ratios() {
    let sum = figure("Tỉnh mới tiêu được 88 trên tổng số 241 tỷ đồng.", "88 trên tổng số 241 tỷ đồng");
    assert_eq!((sum.value.amount.as_str(), sum.value.of.as_deref(), sum.unit.as_str()), ("88000000000", Some("241000000000"), "VND"));
    assert_eq!(figure("Trong 74 huyện nghèo, 22 huyện được giao chỉ tiêu.", "74 huyện nghèo, 22 huyện").value.of.as_deref(), Some("74"));
}

#[test]
fn a_level_may_be_reached_without_a_verb_of_change() {
    let change = |text, quote| figure(text, quote).change.as_str();
    assert_eq!(change("Tỉnh khôi phục đàn lợn lên khoảng 750 nghìn con.", "750 nghìn con"), "increase_to");
    assert_eq!(change("Tổng diện tích lên tới 140 ha.", "140 ha"), "none", "much");
    assert_eq!(change("Đơn giá đội lên gấp đôi.", "gấp đôi"), "increase");
    assert_eq!(change("Tỉnh có 163 trường, nhiều hơn năm học trước 14 trường.", "14 trường"), "increase");
}

/// What a text has of figures.
fn quotes(text: &str) -> Vec<String> {
    Extractor::new().extract(&Document::new("case", text)).into_iter().map(|r| r.quote).collect()
}

#[test]
fn a_whole_may_stand_far_before_its_part() {
    let of = |text, quote| figure(text, quote).value.of;
    let text = "Trong số 1.948 chủ tàu đã được phê duyệt đóng mới, các ngân hàng thương mại đã ký hợp đồng tín dụng với 981 chủ tàu.";
    assert_eq!(of(text, text[text.find("1.948").unwrap()..].trim_end_matches('.')).as_deref(), Some("1948"));
    assert_eq!(of("Bà Hoa ra khơi 10 chuyến thì có tới 5 chuyến bị hỏng máy.", "10 chuyến thì có tới 5 chuyến").as_deref(), Some("10"));
    assert_eq!(of("Trong 6 đối tượng bị bắt giữ có 4 người quê Lai Châu.", "6 đối tượng bị bắt giữ có 4 người").as_deref(), Some("6"));
    assert_eq!(
        of("Trong 1.100 kiến nghị của doanh nghiệp, đã xử lý được 850.", "1.100 kiến nghị của doanh nghiệp, đã xử lý được 850").as_deref(),
        Some("1100")
    );
    assert_eq!(of("Tỉnh Lai Châu có 4,2 km trong tổng số 51,8 km đường đất.", "4,2 km trong tổng số 51,8 km").as_deref(), Some("51.8"));
    assert_eq!(quotes("Trong 37 ngày, huyện Sơn Động có 8 xã về đích."), ["37 ngày", "8 xã"], "communes are no days");
    assert_eq!(quotes("Huyện có 12 xã; 5 xã đạt chuẩn."), ["12 xã", "5 xã"]);
}

#[test]
fn what_rises_or_falls_may_stand_between_verb_and_amount() {
    let change = |text, quote| figure(text, quote).change.as_str();
    assert_eq!(change("Xã đề nghị giảm thu 120 triệu đồng.", "120 triệu đồng"), "decrease");
    assert_eq!(change("Xăng tăng giá 500 đồng/lít.", "500 đồng/lít"), "increase");
    assert_eq!(change("Dự án điều chỉnh vốn đầu tư lên tới 8.100 tỷ đồng.", "8.100 tỷ đồng"), "increase_to");
    assert_eq!(change("Tăng trưởng quý I năm 2017 đạt 7,46%.", "7,46%"), "none", "a level");
    assert_eq!(change("Chương trình giảm nghèo bền vững 203 tỷ đồng.", "203 tỷ đồng"), "none", "a name");
    assert_eq!(change("Chỉ số tăng 0,36%, hay 71,74 điểm.", "71,74 điểm"), "increase", "the same in other terms");
    assert_eq!(change("Tàu gỗ có công suất từ 800 CV trở lên là 539 chiếc.", "539 chiếc"), "none");
    assert_eq!(change("Sở đưa ra mức giá trần là 200.000 đồng.", "200.000 đồng"), "none");
}

#[test]
fn the_most_that_a_name_tells_is_exact() {
    let qualifier = |text, quote| figure(text, quote).qualifier;
    assert_eq!(qualifier("Tàu đạt tốc độ tối đa 350 km/h.", "350 km/h"), Qualifier::Exact);
    assert_eq!(qualifier("Hộ nghèo được vay tối đa 100 triệu đồng.", "100 triệu đồng"), Qualifier::AtMost);
    assert_eq!(qualifier("Nồng độ cồn chưa vượt quá 50 mg.", "50 mg"), Qualifier::AtMost);
    assert_eq!(qualifier("Năm nay có ít nhất thêm 5 xã về đích.", "5 xã"), Qualifier::AtLeast);
}

#[test]
fn words_that_only_look_like_units_are_none() {
    assert_eq!(quotes("Hội nghị SOM 2 bao gồm 12 phiên họp."), ["12 phiên họp"]);
    assert_eq!(quotes("Xe mang biển kiểm soát 36A - 141.54 di chuyển về huyện."), Vec::<String>::new());
    assert_eq!(figure("Hãng giới thiệu 5 mẫu mô tô.", "5 mẫu").kind.as_str(), "count");
    assert_eq!(figure("Nhà ông Nam có 2 mẫu ruộng.", "2 mẫu ruộng").unit, "mẫu");
    assert_eq!(figure("Giá cổ phiếu chỉ còn 6.300 đồng/CP.", "6.300 đồng/CP").unit, "VND/CP");
    assert_eq!(figure("Xã có 13 công việc phải làm.", "13 công việc").kind.as_str(), "count");
    assert_eq!(figure("Bị can chịu án tù hai mươi năm.", "hai mươi năm").kind.as_str(), "duration");
    assert_eq!(figure("Huyện kỷ luật 4 cán bộ.", "4 cán bộ").value.amount, "4");
    assert_eq!(quotes("Áp thấp có trục ở 25 - 27 độ vĩ Bắc. Trong 24 giờ tới, bão mạnh thêm."), Vec::<String>::new());
}

#[test]
fn ordinals_of_sessions_are_no_ranks() {
    assert_eq!(quotes("Các đại biểu dự kỳ họp thứ 3 Quốc hội khóa XIV."), Vec::<String>::new());
    assert_eq!(figure("Tỉnh Lai Châu xếp thứ 3 cả nước về thu hút du khách.", "3").kind.as_str(), "rank");
}

#[test]
fn a_noun_is_not_cut_where_it_begins_as_another_word_does() {
    for (text, quote, unit) in [
        ("Trường cao đẳng có 14 giảng viên.", "14 giảng viên", "giảng viên"),
        ("Ông Tư có 3 đồng nghiệp ở xưởng.", "3 đồng nghiệp", "đồng nghiệp"),
        ("Nhà máy có 5 phân xưởng.", "5 phân xưởng", "phân xưởng"),
        ("Huyện mở 12 buổi tập huấn.", "12 buổi", "buổi"),
        ("Bản tin nêu hai xu hướng.", "hai xu hướng", "xu hướng"),
        ("Dân nghe hai tiếng nổ lớn.", "hai tiếng nổ", "tiếng nổ"),
        ("Trạm y tế có 3 y sĩ.", "3 y sĩ", "y sĩ"),
    ] {
        let read = figure(text, quote);
        assert_eq!((read.kind.as_str(), read.unit.as_str()), ("count", unit), "{text}");
    }
    let waited = figure("Bà con chờ 3 tiếng đồng hồ.", "3 tiếng đồng hồ");
    assert_eq!((waited.kind.as_str(), waited.unit.as_str()), ("duration", "giờ"));
    // An amount is still money before a noun.
    assert_eq!(figure("Xã thu 2 triệu đồng tiền lãi.", "2 triệu đồng").kind.as_str(), "money");
}

#[test]
fn a_year_behind_the_number_of_a_name_is_no_count() {
    assert_eq!(quotes("Xưởng bày mẫu Alpha i7 2019 bản nâng cấp."), Vec::<String>::new());
    assert_eq!(quotes("Xã có 2019 bản đồ cũ."), ["2019 bản"]);
}

#[test]
fn few_things_are_where_something_is_and_many_are_exceeded() {
    assert_eq!(figure("Đoàn đi trên 3 thuyền.", "3 thuyền").qualifier.as_str(), "exact");
    assert_eq!(figure("Tổ chấm thi dựa trên 12 tiêu chí.", "12 tiêu chí").qualifier.as_str(), "exact");
    assert_eq!(figure("Bến có trên 30 thuyền.", "30 thuyền").qualifier.as_str(), "over");
    assert_eq!(figure("Phố cấm xây nhà trên 5 tầng.", "5 tầng").qualifier.as_str(), "over");
}
