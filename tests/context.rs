//! What a sentence, its bracket, its paragraph and its document say of a figure: grammar that no single rule holds.

use solieu::terms::{Change, Qualifier, Status};
use solieu::{Document, Extractor, Record};

/// The figure of a text that is quoted so.
fn figure(text: &str, quote: &str) -> Record {
    let records = Extractor::new().extract(&Document::new("case", text));
    let quotes: Vec<String> = records.iter().map(|r| r.quote.clone()).collect();
    records.into_iter().find(|r| r.quote == quote).unwrap_or_else(|| panic!("no figure {quote:?} in {text:?}, only {quotes:?}"))
}

fn place(text: &str, quote: &str) -> Option<String> {
    figure(text, quote).place.map(|p| p.name)
}

fn end(text: &str, quote: &str) -> Option<String> {
    figure(text, quote).period.and_then(|p| p.end)
}

fn subject(text: &str, quote: &str) -> String {
    figure(text, quote).subject.unwrap_or_default()
}

#[test]
fn a_level_in_a_bracket_keeps_its_subject_to_itself() {
    let text = "Tổng thu ngân sách đạt 58,4% dự toán (24.251 tỷ đồng), giảm 13,6% so với cùng kỳ.";
    assert_eq!(subject(text, "13,6%"), "Tổng thu ngân sách");
    assert_eq!(subject(text, "24.251 tỷ đồng"), "dự toán");
}

#[test]
fn a_change_in_a_bracket_is_of_what_the_sentence_speaks_of() {
    let text = "Tỷ lệ hộ nghèo giảm 5,3%, vượt chỉ tiêu đề ra (giảm 4%).";
    assert_eq!(subject(text, "4%"), "Tỷ lệ hộ nghèo");
}

#[test]
fn a_figure_that_says_which_ones_are_counted_has_its_own_noun() {
    let text = "Có 21 xã đạt từ 15 đến 18 tiêu chí.";
    assert_eq!(subject(text, "15 đến 18 tiêu chí"), "tiêu chí");
    assert_eq!(subject(text, "21 xã"), "xã đạt từ 15 đến 18 tiêu chí");
}

#[test]
fn a_row_of_places_keeps_what_was_counted() {
    let text = "Dân số thành phố Kon Tum là 168.264 người, huyện Đăk Hà 74.805 người.";
    assert_eq!(subject(text, "74.805 người"), "Dân số");
}

#[test]
fn the_level_of_the_same_period_is_of_the_other_year() {
    let text = "Từ đầu năm đến ngày 30/9/2023 giải ngân đạt 51,4% kế hoạch, cao hơn 4,7% so với cùng kỳ năm 2022 (46,7%).";
    assert_eq!(end(text, "46,7%").as_deref(), Some("2022-09-30"));
    assert_eq!(end(text, "51,4% kế hoạch").as_deref(), Some("2023-09-30"));
}

#[test]
fn the_year_of_a_plan_governs_later_plans_only() {
    let text = "Tính đến ngày 31/1/2017, vốn giải ngân đạt 8.150 tỷ đồng. Kế hoạch giao năm 2017 là 311.000 tỷ đồng. Vốn khác giải ngân 2.450 tỷ đồng.";
    assert_eq!(end(text, "2.450 tỷ đồng").as_deref(), Some("2017-01-31"));
    assert_eq!(end(text, "311.000 tỷ đồng").as_deref(), Some("2017-12-31"));
}

#[test]
fn the_day_of_a_document_is_no_time_of_a_figure() {
    let text = "Theo Quyết định số 930/QĐ-TTg ngày 30/6/2019, mức hỗ trợ là 20 triệu đồng.";
    assert_eq!(end(text, "20 triệu đồng"), None);
    assert_eq!(end("Ngày 30/6/2019, xã Pa Cheo chi 20 triệu đồng.", "20 triệu đồng").as_deref(), Some("2019-06-30"));
}

#[test]
fn items_of_a_list_take_the_time_of_the_line_above() {
    let text = "Kết quả năm 2023 của huyện Sơn Động:\n- Xây mới 12 nhà văn hóa.\n- Sửa 8 phòng học.";
    assert_eq!(end(text, "8 phòng học").as_deref(), Some("2023-12-31"));
}

#[test]
fn between_two_places_is_of_both() {
    assert_eq!(place("Tại lô đất giáp ranh giữa phường Kỳ Liên và phường Kỳ Phương có 41 hộ bị ảnh hưởng.", "41 hộ"), None);
    assert_eq!(place("Tại phường Kỳ Liên có 41 hộ bị ảnh hưởng.", "41 hộ").as_deref(), Some("phường Kỳ Liên"));
}

#[test]
fn a_text_that_names_provinces_equally_often_is_about_none() {
    let text = "Hệ thống từ chối 10% hồ sơ thanh toán. Sai sót có ở Thanh Hóa, Thái Nguyên và Sóc Trăng.";
    assert_ne!(place(text, "10% hồ sơ").as_deref(), Some("Thanh Hóa"));
}

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
fn a_company_bears_a_city_in_its_name_and_a_city_has_companies() {
    let told = |who: &str| place(&format!("Tỉnh Lai Châu khởi công. {who} tặng 5 căn nhà."), "5 căn nhà");
    assert_eq!(told("Công ty vàng bạc đá quý Sài Gòn").as_deref(), Some("Lai Châu"));
    assert_eq!(told("Các công ty tại Hà Nội").as_deref(), Some("Hà Nội"));
}

#[test]
fn where_somebody_lives_and_who_is_called_like_a_country_is_no_place_of_a_figure() {
    let text = "Công an huyện Sơn Động bắt hai người trú tại xã An Lạc, huyện Lục Ngạn, thu 5 kg ma túy.";
    assert_eq!(place(text, "5 kg").as_deref(), Some("huyện Sơn Động"));
    assert_eq!(place("Ông Mỹ vay 5 tỷ đồng.", "5 tỷ đồng"), None);
    assert_eq!(place("Bản Nậm Cum có 5 ha chè. Phiên bản Coupe dài 5 m.", "5 m").as_deref(), Some("bản Nậm Cum"));
}

#[test]
fn the_day_of_a_headline_is_not_the_time_of_the_figures_below() {
    assert_eq!(end("Họp báo ngày 5/6/2017\nTỉnh Lai Châu có 94 xã.", "94 xã"), None);
    assert_eq!(end("Tình hình tháng 6 năm 2017\nTỉnh Lai Châu có 94 xã.", "94 xã").as_deref(), Some("2017-06-30"));
}

#[test]
fn a_time_behind_a_bracket_is_that_of_the_amount_before_it() {
    let text = "Vốn của Nhật Bản đem lại 198,1 tỷ yen (1,74 tỷ USD) trong năm 2016.";
    assert_eq!(end(text, "198,1 tỷ yen").as_deref(), Some("2016-12-31"));
    assert_eq!(end(text, "1,74 tỷ USD").as_deref(), Some("2016-12-31"));
}

#[test]
fn a_row_keeps_the_head_that_began_it() {
    let text = "Báo cáo cho thấy tỷ lệ trẻ đến trường đạt 97,6%, tiểu học 99%.";
    assert_eq!(subject(text, "97,6%"), "tỷ lệ trẻ đến trường");
    assert_eq!(subject(text, "99%"), "tỷ lệ tiểu học");
}

#[test]
fn which_ones_are_counted_may_be_told_by_what_they_belong_to() {
    assert_eq!(subject("Có 5 thủ tục thuộc lĩnh vực đất đai.", "5 thủ tục"), "thủ tục thuộc lĩnh vực đất đai");
    assert_eq!(subject("Có 5 xã thuộc tỉnh Lai Châu được hỗ trợ.", "5 xã"), "xã được hỗ trợ");
}

#[test]
fn cities_of_other_countries_are_places() {
    assert_eq!(place("Tại London, Anh, có 5 người bị thương.", "5 người").as_deref(), Some("London"));
    assert_eq!(place("Tại Mỹ, 5 người bị thương.", "5 người").as_deref(), Some("Mỹ"));
    assert_eq!(place("Một vụ nổ ở trung tâm Kabul làm 24 người bị thương.", "24 người").as_deref(), Some("Kabul"));
    assert_eq!(place("Kabul tuyên bố xuất khẩu 66 tấn thịt bò.", "66 tấn").as_deref(), Some("Afghanistan"), "the government there");
    assert_eq!(place("Manchester United mua 5 cầu thủ.", "5 cầu thủ"), None, "a longer name");
    assert_eq!(place("Xã Quảng Đông có 5 thôn.", "5 thôn").as_deref(), Some("xã Quảng Đông"), "a commune of the same name");
    assert_eq!(place("Kỳ thủ người Hà Lan thắng 9 trận.", "9 trận"), None, "where somebody comes from");
}

#[test]
fn what_tells_the_counted_from_others_stands_behind_a_preposition() {
    assert_eq!(subject("Có 14 tàu của bà con tham dự hội đua.", "14 tàu"), "tàu của bà con tham dự hội đua");
    assert_eq!(subject("Thành phố sẽ xây 2 cầu vượt ở khu vực sân bay.", "2 cầu vượt"), "cầu vượt ở khu vực sân bay");
    assert_eq!(subject("Có 5 vụ trong tháng qua.", "5 vụ"), "vụ", "a time");
    assert_eq!(subject("Cả 2 vụ việc ở Lashkar được cho là tai nạn.", "2 vụ việc"), "vụ việc", "an unknown name is a place");
}

#[test]
fn an_adjective_of_size_measures_what_stands_before_it() {
    assert_eq!(subject("Quả bom nặng 300 kg nằm trên đường.", "300 kg"), "Quả bom nặng");
}

#[test]
fn words_that_name_nothing_are_no_subject_behind_a_figure() {
    assert_eq!(subject("Ở dải tốc độ 100 km/h đầu tiên xe chạy êm.", "100 km/h"), "dải tốc độ");
}

#[test]
fn a_share_of_a_whole_is_of_who_has_it() {
    assert_eq!(subject("Đảng Xanh nhận được 12,5% số phiếu.", "12,5% số phiếu"), "Đảng Xanh nhận");
    assert_eq!(subject("Năm 2016 sở hữu 70% cổ phần.", "70% cổ phần"), "cổ phần", "a verb alone says less");
}

#[test]
fn what_the_second_of_two_changes_is_compared_with_holds_for_both() {
    let text = "Thu giảm 6% và chi giảm 22% so với tháng trước.";
    assert_eq!(figure(text, "6%").basis.as_deref(), Some("so với tháng trước"));
    let text = "Thu giảm 6% so với quý trước và chi giảm 22% so với tháng trước.";
    assert_eq!(figure(text, "6%").basis.as_deref(), Some("so với quý trước"));
}

#[test]
fn growth_goes_on_with_what_was_told() {
    assert_eq!(subject("Hãng bán 3.200 xe, tăng trưởng 12%.", "12%"), "Hãng bán xe");
}

#[test]
fn a_relative_clause_is_said_of_the_noun_before_it() {
    assert_eq!(subject("Tỷ giá trần mà các ngân hàng được áp dụng là 23.500 đồng.", "23.500 đồng"), "Tỷ giá trần");
}

#[test]
fn a_list_of_names_is_one_subject() {
    assert_eq!(subject("Apple, Amazon và Google tăng 3%.", "3%"), "Apple, Amazon và Google");
}

#[test]
fn an_address_is_no_place_of_a_figure() {
    let text = "Công an tỉnh Lai Châu phạt một người (40 tuổi, trú tại xóm Đông, xã Phú Hòa, tỉnh Phú Yên), thu 12 máy khoan.";
    assert_eq!(place(text, "12 máy").as_deref(), Some("Lai Châu"));
}

#[test]
fn what_an_amount_is_for_belongs_to_its_noun() {
    assert_eq!(subject("Công ty trả 15 tỷ đồng bồi thường cho ngư dân.", "15 tỷ đồng"), "bồi thường cho ngư dân");
}

#[test]
fn the_world_may_say_which_price_it_is() {
    assert_eq!(subject("Giá vàng thế giới tăng lên 1.300 USD/ounce.", "1.300 USD/ounce"), "Giá vàng thế giới");
}

#[test]
fn an_apposition_is_no_subject() {
    let text = "Doanh thu du lịch, vốn là nguồn thu chính, đã giảm 15%.";
    assert_eq!(subject(text, "15%"), "Doanh thu du lịch");
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
fn quoted_words_are_part_of_a_subject() {
    assert_eq!(subject("Lợi nhuận của ba “anh cả” trên tăng 18%.", "18%"), "Lợi nhuận của ba “anh cả”");
    assert_eq!(subject("Dự án “Xây cầu qua sông” đạt 5 tỷ đồng.", "5 tỷ đồng"), "Dự án “Xây cầu qua sông”");
}

#[test]
fn a_number_in_a_name_stays_there() {
    assert_eq!(subject("Xăng RON 92 giảm 860 đồng/lít.", "860 đồng/lít"), "Xăng RON 92");
}

#[test]
fn a_bracket_behind_a_figure_is_its_own() {
    let text = "Giá vàng ở mức 36,4 triệu đồng (mua vào) và 36,6 triệu đồng (bán ra).";
    assert_eq!(subject(text, "36,6 triệu đồng"), "Giá vàng");
}

#[test]
fn a_city_abroad_that_is_named_by_the_way_is_not_what_a_text_is_about() {
    let text = "Chiếc xe ra mắt ở Geneva.\n\nXe có màn hình rộng 7 inch.";
    assert_eq!(place(text, "7 inch"), None);
}

#[test]
fn the_photographer_and_a_company_are_no_place() {
    assert_eq!(place("Nông dân gặt lúa (ảnh: Hà Giang). Năm nay được 240 tấn.", "240 tấn"), None);
    assert_eq!(place("Kết quả thực hiện: Hà Giang đạt 52%.", "52%").as_deref(), Some("Hà Giang"));
    assert_eq!(place("Công ty vàng bạc Phú Nhuận bán 2.000 nhẫn.", "2.000 nhẫn"), None);
}

#[test]
fn what_a_figure_is_measured_against_is_not_its_place_and_time() {
    let text = "Năm 2023, tỉnh Đắk Nông đạt 84 điểm, kém bình quân cả nước 3 điểm, nhiều hơn năm 2021 là 2 điểm.";
    assert_eq!(place(text, "3 điểm").as_deref(), Some("Đắk Nông"));
    let record = figure(text, "2 điểm");
    assert_eq!((record.basis.as_deref(), record.period.and_then(|p| p.end).as_deref()), (Some("năm 2021"), Some("2023-12-31")));
    assert_eq!(place("Đầu năm, huyện Mường Tè, huyện nghèo nhất tỉnh Lai Châu, có 3.514 hộ nghèo.", "3.514 hộ nghèo").as_deref(), Some("huyện Mường Tè"));
}

#[test]
fn a_province_that_is_never_named_is_not_its_district() {
    let text = "Toàn tỉnh có 104 trạm y tế. UBND tỉnh giao 5 chỉ tiêu. Cao nhất là huyện Cầu Kè với 9 trạm.";
    assert_eq!((place(text, "104 trạm y tế"), place(text, "9 trạm").as_deref()), (None, Some("huyện Cầu Kè")));
}

#[test]
fn a_place_named_by_the_way_is_left_behind_with_its_paragraph() {
    let text = "DU LỊCH TỈNH BÌNH THUẬN\n\nCông suất phòng là 62%; giá phòng ở phường Mũi Né là 2 triệu đồng.\n\nBán lẻ ước 27.815 tỷ đồng.";
    assert_eq!(place(text, "27.815 tỷ đồng").as_deref(), Some("Bình Thuận"));
}

#[test]
fn what_a_picture_shows_is_no_title() {
    let text = "Hồ chứa (huyện Ninh Phước) trơ đáy. Ảnh: Minh Trân\nTheo Sở Nông nghiệp tỉnh Ninh Thuận, lượng nước các hồ còn 21%.";
    assert_eq!(place(text, "21%").as_deref(), Some("Ninh Thuận"));
}

#[test]
fn an_hour_before_a_day_is_part_of_the_time() {
    let text = "Đến 17 giờ ngày 26/11/2025, mưa lũ làm 63 người chết.";
    assert_eq!(figure(text, "63 người").period.map(|p| (p.start, p.end)), Some((None, Some("2025-11-26".into()))));
}

#[test]
fn a_report_until_the_end_of_june_is_one_on_six_months() {
    let text = "Đến ngày 30/6/2018, tỉnh có 71 xã đạt chuẩn. Nguồn lực huy động 6 tháng ước 2.318 tỷ đồng.";
    let period = figure(text, "2.318 tỷ đồng").period.unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2018-01-01"), Some("2018-06-30")));
}

#[test]
fn a_whole_year_in_a_report_of_january_is_the_last() {
    let text = "Năm 2022, tổng thu ước 51.180 tỷ đồng. Chi ngân sách cả năm là 44.906 tỷ đồng.";
    let document = Document::new("case", text).published("2023-01-05");
    let end = Extractor::new().extract(&document)[1].period.clone().and_then(|p| p.end);
    assert_eq!(end.as_deref(), Some("2022-12-31"));
}

#[test]
fn what_begins_on_a_day_has_no_known_end() {
    let document = Document::new("case", "Từ ngày 01/5/2016, mức đóng là 54.450 đồng.").published("2016-10-07");
    let period = Extractor::new().extract(&document)[0].period.clone().unwrap();
    assert_eq!((period.start.as_deref(), period.end), (Some("2016-05-01"), None));
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
fn a_ratio_with_nothing_but_its_noun_is_of_what_was_counted() {
    let text = "Có 71 xã được công nhận đạt chuẩn; huyện Lâm Thao giữ vững 12/12 xã.";
    assert_eq!(subject(text, "12/12 xã"), "xã được công nhận đạt chuẩn");
}

#[test]
fn the_body_that_owns_an_amount_is_not_measured() {
    assert_eq!(subject("Tổng nguồn vốn của Chi nhánh Ngân hàng CSXH tỉnh Khánh Hòa đạt 10.486 tỷ đồng.", "10.486 tỷ đồng"), "Tổng nguồn vốn");
}

#[test]
fn the_line_below_the_name_of_a_body_is_the_title() {
    let text = "UBND XÃ TÂN AN\nBáo cáo tóm tắt tình hình 6 tháng đầu năm 2013\nI. KINH TẾ\nLúa gieo sạ 2.105 ha.";
    let period = figure(text, "2.105 ha").period.unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2013-01-01"), Some("2013-06-30")));
}

fn published(text: &str, day: &str, quote: &str) -> Record {
    let document = Document { published: Some(day.to_owned()), ..Document::new("case", text) };
    let records = Extractor::new().extract(&document);
    records.into_iter().find(|r| r.quote == quote).unwrap_or_else(|| panic!("no figure {quote:?} in {text:?}"))
}

#[test]
fn the_word_that_compares_is_no_qualifier() {
    let text = "Tỷ lệ đạt 60,8%, cao hơn 5,8% so với chỉ tiêu, với hơn 450 hộ tham gia.";
    assert_eq!(figure(text, "5,8%").qualifier, Qualifier::Exact);
    assert_eq!(figure(text, "450 hộ").qualifier, Qualifier::Over);
}

#[test]
fn a_year_behind_a_day_is_not_the_year_of_the_day() {
    let text = "Đêm 9/9, mực nước sông Thao lên mức 35,7 m, vượt đỉnh lũ năm 1968.";
    let period = published(text, "2024-09-15", "35,7 m").period.unwrap();
    assert_eq!(period.end.as_deref(), Some("2024-09-09"));
    let text = "Số nợ tăng từ 68 tỷ đồng hồi cuối năm 2019 lên 94 tỷ đồng vào cuối tháng 6. Có 614 người được hỗ trợ.";
    assert_eq!(published(text, "2020-07-08", "94 tỷ đồng").period.unwrap().end.as_deref(), Some("2020-06-30"));
    assert!(published(text, "2020-07-08", "614 người").period.is_none_or(|p| p.end.as_deref() != Some("2019-12-31")));
}

#[test]
fn a_year_that_is_exceeded_does_not_make_the_next_one_that_of_the_text() {
    let text = "Năm 2024 xã trồng 5 ha chè. Thu ngân sách 9 tháng đầu năm ước đạt 12 tỷ đồng, tăng 12% so với cùng kỳ, cao hơn năm 2022.";
    assert_eq!(end(text, "12 tỷ đồng").as_deref(), Some("2024-09-30"));
}

#[test]
fn a_part_told_by_the_way_ends_with_its_clause() {
    let text = "Tỉnh Bến Tre có 287 ha lúa mất trắng, trong đó huyện Ba Tri chiếm gần 90%; 350 ha cây ăn trái bị ảnh hưởng. Khoảng 900 hộ thiếu nước.";
    assert_eq!(place(text, "90%").as_deref(), Some("huyện Ba Tri"));
    assert_eq!(place(text, "350 ha").as_deref(), Some("Bến Tre"));
    assert_eq!(place(text, "900 hộ").as_deref(), Some("Bến Tre"));
}

#[test]
fn a_share_of_a_region_is_of_the_region() {
    let text = "Ở Việt Nam, khoảng 40% diện tích đồng bằng sông Cửu Long bị ngập.";
    assert_eq!(place(text, "40% diện tích").as_deref(), Some("Đồng bằng sông Cửu Long"));
    assert!(subject(text, "40% diện tích").starts_with("diện tích đồng bằng sông Cửu Long"));
}

#[test]
fn a_bracket_of_days_tells_the_time_of_its_sentence() {
    let text = "Trong 9 ngày nghỉ Tết (từ 14 đến 22/2), toàn tỉnh đón 486.000 lượt khách.";
    let period = published(text, "2026-02-24", "486.000 lượt khách").period.unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2026-02-14"), Some("2026-02-22")));
    assert_eq!(end("Đến thời điểm tổng hợp (ngày 31/12/2016), mới có 241 đơn vị báo cáo.", "241 đơn vị").as_deref(), Some("2016-12-31"));
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
fn money_behind_a_count_is_what_money_was_before() {
    let text = "Các khu có 242 dự án với số vốn đăng ký 3.945 triệu USD. Hàn Quốc 138 dự án, 1.610 triệu USD; Đài Loan 32 dự án, 24 triệu USD.";
    assert_eq!(subject(text, "24 triệu USD"), "số vốn đăng ký");
}

#[test]
fn growth_with_what_grows_is_a_level() {
    let change = |text: &str| figure(text, "16%").change;
    assert_eq!(change("Năm nay tăng trưởng tín dụng 16%."), Change::None);
    assert_eq!(change("Năm nay tín dụng tăng trưởng 16%."), Change::Increase);
}

#[test]
fn this_year_is_that_of_publication_though_the_sentence_tells_another() {
    let document = Document {
        published: Some("2024-07-12".into()),
        ..Document::new("case", "Năm 2023 tỉnh đón 2 triệu lượt khách, nửa đầu năm nay đón 1,4 triệu lượt khách.")
    };
    let records = Extractor::new().extract(&document);
    let ends: Vec<_> = records.iter().map(|r| r.period.as_ref().and_then(|p| p.end.as_deref())).collect();
    assert_eq!(ends, [Some("2023-12-31"), Some("2024-06-30")]);
}

#[test]
fn the_day_of_a_report_does_not_make_its_year() {
    let document = Document {
        published: Some("2018-01-05".into()),
        ..Document::new("case", "Theo Báo cáo số 07/BC-UBND ngày 03/01/2018, năm 2017 tỉnh Lai Châu có thêm 4 xã đạt chuẩn; đến hết năm có 39 xã.")
    };
    let last = Extractor::new().extract(&document).pop().and_then(|r| r.period).and_then(|p| p.end);
    assert_eq!(last.as_deref(), Some("2017-12-31"));
}

#[test]
fn a_clock_may_stand_between_the_opener_and_its_day() {
    assert_eq!(end("Tính đến 17h00 ngày 12/9/2024, bão làm sập 7 nhà.", "7 nhà").as_deref(), Some("2024-09-12"));
    assert!(figure("Tính đến 17h00 ngày 12/9/2024, bão làm sập 7 nhà.", "7 nhà").period.is_some_and(|p| p.start.is_none()));
}

#[test]
fn the_time_of_a_question_is_that_of_its_answer_alone() {
    let text = "Trò chuyện về cây chè\n- Mục tiêu năm 2026 là gì?\n- Trồng 300 ha chè.\n- Còn đường?\n- Có 12 km đường bê tông.";
    assert_eq!(end(text, "300 ha").as_deref(), Some("2026-12-31"));
    assert_eq!(end(text, "12 km"), None);
}

#[test]
fn a_bracket_of_a_past_year_is_a_fact_in_a_list_of_targets() {
    let text = "Các chỉ tiêu chủ yếu năm 2026:\n1. Thu nhập bình quân 68 triệu đồng/người (năm 2024 là 61 triệu đồng/người).";
    let document = Document { published: Some("2025-12-20".into()), ..Document::new("case", text) };
    let told: Vec<_> = Extractor::new().extract(&document).into_iter().map(|r| r.status).collect();
    assert_eq!(told, [Status::Target, Status::Actual]);
}

#[test]
fn until_a_day_is_the_time_of_a_share_and_not_of_its_whole() {
    let text = "Huyện Sơn Động gieo cấy 80% diện tích trước ngày 25/2/2022.";
    assert_eq!(end(text, "80% diện tích").as_deref(), Some("2022-02-25"));
}

#[test]
fn what_a_sentence_without_figures_tells_by_the_way_governs_nothing() {
    let text = "Cây cầu nối hai bờ sông Hồng. Dự án được phê duyệt vào năm 2015. Cầu dài 9,4 km.";
    assert_eq!(end(text, "9,4 km"), None);
    assert_eq!(end("Dự án được phê duyệt vào năm 2015. Cầu dài 9,4 km.", "9,4 km").as_deref(), Some("2015-12-31"));
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
fn a_pronoun_is_no_subject_unless_it_owns_the_thing() {
    assert_eq!(subject("Ở xã Pa Cheo, vụ vừa rồi chị bán được 3 tấn.", "3 tấn"), "bán");
    assert_eq!(subject("Tôi dự báo khách cả năm đạt 18 triệu lượt.", "18 triệu lượt"), "khách");
}

#[test]
fn a_noun_that_says_little_takes_what_the_row_has_counted() {
    let text = "Số học sinh bỏ học năm 2011 là 2.054 em, năm 2012 giảm còn 1.610 em.";
    assert_eq!(subject(text, "1.610 em"), "Số học sinh bỏ học");
    let text = "Năm 2020, huyện Sơn Động có thêm 8 xã đạt chuẩn, đưa tổng số lên 49 xã.";
    assert_eq!(subject(text, "49 xã"), "xã đạt chuẩn");
}

#[test]
fn a_share_behind_a_name_of_its_own_says_nothing_again() {
    let text = "Toàn xã có 2.418 hộ, người Mông chiếm 97,3%.";
    assert_eq!(subject(text, "97,3%"), "người Mông");
    assert_eq!(subject("Toàn xã có 2.418 hộ trồng chè, chiếm 97,3%.", "97,3%"), "hộ trồng chè");
}

#[test]
fn what_was_spent_stays_when_a_phrase_of_status_is_cut() {
    assert_eq!(subject("Chủ tịch tỉnh yêu cầu đến hết năm 2024 phải giải ngân tối thiểu 90% kế hoạch.", "90% kế hoạch"), "giải ngân");
}

#[test]
fn what_a_rank_is_by_stands_behind_it() {
    let text = "Năm 2025, thành phố xếp thứ 3/34 cả nước và đứng nhất khu vực miền Trung về tổng lượt khách.";
    assert_eq!(subject(text, "3/34"), "tổng lượt khách");
}

#[test]
fn the_level_of_another_place_in_a_bracket_is_of_that_place() {
    let text = "Tỉnh Lai Châu giải ngân 39%, thấp hơn 7,7 điểm phần trăm so với bình quân cả nước (46,7%).";
    assert_eq!(place(text, "46,7%").as_deref(), Some("Việt Nam"));
    assert_eq!(place(text, "39%").as_deref(), Some("Lai Châu"));
}

#[test]
fn a_bracket_behind_a_gap_is_no_level_of_the_plan_before_it() {
    let text = "Tỉnh Lai Châu giải ngân đạt 40,5% kế hoạch, thấp hơn bình quân cả nước (46,3%).";
    assert_eq!(figure(text, "46,3%").status, Status::Actual);
    assert_eq!(place(text, "46,3%").as_deref(), Some("Việt Nam"));
    assert_eq!(figure("Giải ngân đạt 40,5% kế hoạch (667 tỷ đồng).", "667 tỷ đồng").status, Status::Target);
}

#[test]
fn provinces_are_not_counted_in_a_province() {
    let text = "Huyện Sơn Động (tỉnh Bắc Giang) họp. Tỉnh Lai Châu có 9 huyện, cùng 23 tỉnh dự họp.";
    assert_eq!(place(text, "9 huyện").as_deref(), Some("Lai Châu"));
    assert_ne!(place(text, "23 tỉnh").as_deref(), Some("Lai Châu"));
}

#[test]
fn two_places_and_two_figures_go_in_pairs() {
    let text = "Huyện Sơn Động và huyện Lục Ngạn dẫn đầu với 14/17 xã và 15/21 xã đạt chuẩn.";
    assert_eq!(place(text, "14/17 xã").as_deref(), Some("huyện Sơn Động"));
    assert_eq!(place(text, "15/21 xã").as_deref(), Some("huyện Lục Ngạn"));
}

#[test]
fn a_row_of_parts_ends_at_the_semicolon() {
    let text = "Tỉnh Bắc Ninh xuất khẩu 72 tỷ USD, trong đó Hoa Kỳ 24 tỷ USD, Trung Quốc 18 tỷ USD; nhập khẩu 61 tỷ USD.";
    assert_eq!(place(text, "18 tỷ USD").as_deref(), Some("Trung Quốc"));
    assert_eq!(place(text, "61 tỷ USD").as_deref(), Some("Bắc Ninh"));
}

#[test]
fn what_a_picture_shows_governs_nothing_behind_its_credit() {
    let text = "Tỉnh Lai Châu tuyển bác sĩ. Bác sĩ trẻ ở huyện Mường Tè. Ảnh: Minh Anh. Đợt này có 25 bác sĩ.";
    assert_eq!(place(text, "25 bác sĩ").as_deref(), Some("Lai Châu"));
}

#[test]
fn a_commune_of_the_text_is_no_city_abroad() {
    let text = "Xã Côn Minh trồng dong riềng. Năm 2016, Côn Minh thu 9.200 tấn củ.";
    assert_eq!(place(text, "9.200 tấn").as_deref(), Some("xã Côn Minh"));
}

#[test]
fn a_verb_of_change_holds_for_the_parts_that_leave_it_out() {
    let text = "Năm 2013, tổng sản phẩm tăng 11,6%, trong đó nông - lâm nghiệp 6,8%, dịch vụ 14,2%.";
    assert_eq!((figure(text, "6,8%").change, figure(text, "14,2%").change), (Change::Increase, Change::Increase));
}

#[test]
fn as_many_months_as_the_month_of_the_report_are_the_first() {
    let text = "Xuất khẩu 5 tháng vượt 24 tỷ USD\nTháng 5/2024, cả nước xuất khẩu 5,2 tỷ USD. Xuất khẩu 5 tháng đạt 24,1 tỷ USD.";
    assert_eq!(figure(text, "24,1 tỷ USD").period.and_then(|p| p.start).as_deref(), Some("2024-01-01"));
    assert_eq!(end(text, "24,1 tỷ USD").as_deref(), Some("2024-05-31"));
}

#[test]
fn the_end_of_the_year_before_is_not_the_year_of_the_text() {
    let text = "Chín tháng đầu năm 2013, tỉnh Lai Châu trồng 12 ha. Cuối năm 2012 tỉnh có 22.540 hộ nghèo. Đến 30/9 tỉnh nợ 386 tỷ đồng.";
    assert_eq!(end(text, "386 tỷ đồng").as_deref(), Some("2013-09-30"));
}

#[test]
fn what_a_company_is_called_after_is_not_what_the_text_is_about() {
    let text = "Sở Giao dịch Chứng khoán nhận hồ sơ của Công ty cổ phần Bao bì Đồng Tháp. Công ty có vốn điều lệ 700 tỷ đồng.";
    assert_eq!(place(text, "700 tỷ đồng"), None);
    let text = "Công ty cổ phần Gỗ Nghệ An khởi công nhà máy, UBND tỉnh đã đồng ý. Nhà máy có vốn 700 tỷ đồng.";
    assert_eq!(place(text, "700 tỷ đồng").as_deref(), Some("Nghệ An"));
}

#[test]
fn a_body_of_the_state_meets_in_a_city_and_speaks_of_the_country() {
    let text = "Chiều 9/6, tại Hà Nội, Bộ Lao động công bố bản tin thị trường. Số người có việc làm là 53,4 triệu người.";
    assert_eq!(place(text, "53,4 triệu người").as_deref(), Some("Việt Nam"));
    let text = "Chiều 9/6, tại Hà Nội, Sở Lao động công bố bản tin thị trường. Số người có việc làm là 3,4 triệu người.";
    assert_eq!(place(text, "3,4 triệu người").as_deref(), Some("Hà Nội"));
}

#[test]
fn a_first_sentence_is_no_title_where_the_text_goes_on_to_the_country() {
    let text = "Đại biểu đoàn Hà Tĩnh nêu ý kiến. Chính phủ đã báo cáo Quốc hội. Theo Bộ Tài chính, tổng thu đạt 87,9 nghìn tỷ đồng.";
    assert_eq!(place(text, "87,9 nghìn tỷ đồng").as_deref(), Some("Việt Nam"));
    let text = "Tỉnh Hà Tĩnh họp sơ kết\nChính phủ đã báo cáo Quốc hội. Theo Bộ Tài chính, tổng thu đạt 87,9 nghìn tỷ đồng.";
    assert_eq!(place(text, "87,9 nghìn tỷ đồng").as_deref(), Some("Hà Tĩnh"));
}

#[test]
fn the_smallest_place_in_the_bracket_behind_a_name_is_where_its_figures_hold() {
    let text = "Cả nước có nhiều trường hợp như bà Trần Thị S. (diện hộ nghèo, xã Long Hưng, Sóc Trăng) khám 57 lần, chi phí 40 triệu đồng.";
    assert_eq!(place(text, "57 lần").as_deref(), Some("xã Long Hưng"));
    assert_eq!(place(text, "40 triệu đồng").as_deref(), Some("xã Long Hưng"));
}

#[test]
fn an_aside_does_not_part_a_subject_from_its_owner() {
    let text = "Doanh thu bán vé (bao gồm cả thuế và phí) năm 2016 của Vietlott đạt 1.597 tỷ đồng.";
    assert_eq!(subject(text, "1.597 tỷ đồng"), "Doanh thu bán vé của Vietlott");
    let text = "Doanh thu bán vé tăng (bao gồm cả thuế và phí), lợi nhuận đạt 1.597 tỷ đồng.";
    assert_eq!(subject(text, "1.597 tỷ đồng"), "lợi nhuận");
}

#[test]
fn a_list_of_nouns_is_one_subject() {
    let text = "Công nghiệp chiếm 33% vốn; bán buôn và bán lẻ, sửa chữa ô tô, mô tô, xe máy chiếm 29,4%.";
    assert_eq!(subject(text, "29,4%"), "bán buôn và bán lẻ, sửa chữa ô tô, mô tô, xe máy");
    let text = "Công nghiệp chiếm 33% vốn; vốn mới đã tăng, đơn hàng nhiều hơn, xe máy chiếm 29,4%.";
    assert_eq!(subject(text, "29,4%"), "xe máy");
}

#[test]
fn who_sets_a_price_is_no_part_of_it() {
    let text = "Giá vàng SJC được Công ty Vàng bạc Sài Gòn niêm yết ở mức 36,6 triệu đồng/lượng.";
    assert_eq!(subject(text, "36,6 triệu đồng/lượng"), "Giá vàng SJC");
    let text = "Giá vàng được mùa, đạt mức 36,6 triệu đồng/lượng.";
    assert_eq!(subject(text, "36,6 triệu đồng/lượng"), "Giá vàng được mùa");
}

#[test]
fn where_people_come_from_tells_them_from_others() {
    let text = "Học viện đã chọn 5 em, trong đó có 2 em từ Thanh Hóa, 1 em đến từ Hải Dương.";
    assert_eq!(subject(text, "2 em"), "em từ Thanh Hóa");
    assert_eq!(place(text, "2 em").as_deref(), Some("Thanh Hóa"));
    assert_eq!(subject(text, "1 em"), "em đến từ Hải Dương");
    assert_eq!(place(text, "1 em").as_deref(), Some("Hải Dương"));
}

#[test]
fn the_side_of_a_part_is_not_that_of_the_whole() {
    let text = "Mẫu xe mới có yên ngồi cao chỉ 755 mm.";
    assert_eq!(subject(text, "755 mm"), "yên ngồi");
    let text = "Mẫu xe mới cao chỉ 755 mm.";
    assert_eq!(subject(text, "755 mm"), "Mẫu xe");
}

#[test]
fn a_body_of_the_state_is_who_gave_the_money() {
    assert_eq!(subject("Trong đợt 2, Bộ Tài chính đã cấp 1.680 tỷ đồng.", "1.680 tỷ đồng"), "Bộ Tài chính đã cấp");
    assert_eq!(subject("Theo Bộ Tài chính, đã cấp 1.680 tỷ đồng.", "1.680 tỷ đồng"), "cấp");
}

#[test]
fn a_bracket_behind_a_new_noun_does_not_restate() {
    let text = "Xã có 50 hộ nghèo, tỷ lệ tái nghèo (4,2%) còn cao.";
    assert_eq!(subject(text, "4,2%"), "tỷ lệ tái nghèo");
    let text = "Xã có 50 hộ nghèo (4,2%).";
    assert_eq!(subject(text, "4,2%"), "hộ nghèo");
}

#[test]
fn what_happened_when_is_another_clause() {
    let text = "Trạm y tế đã sơ cứu nhiều du khách khi nhiệt độ ngoài trời là 41,5 độ C.";
    assert_eq!(subject(text, "41,5 độ C"), "nhiệt độ ngoài trời");
    let text = "Giá bán sau khi gắn sao đạt 15.000 đồng.";
    assert_eq!(subject(text, "15.000 đồng"), "Giá bán sau khi gắn sao");
}

#[test]
fn the_time_of_a_goal_governs_later_goals_only() {
    let text = "Hội nghị tổng kết công tác giảm nghèo\nĐại biểu đã thảo luận.\nĐại biểu nêu mục tiêu. Đến năm 2025, tỉnh phấn đấu có 60 xã đạt chuẩn. Xã Pa Cheo có 812 hộ nghèo. Mục tiêu là 30 xã nâng cao.";
    assert_eq!(end(text, "60 xã").as_deref(), Some("2025-12-31"));
    assert_eq!(end(text, "812 hộ nghèo"), None);
    assert_eq!(end(text, "30 xã").as_deref(), Some("2025-12-31"));
}

#[test]
fn who_is_called_like_a_country_is_none() {
    let text = "Theo luật sư, Phương Nga nhận 9 tỷ đồng. Sau đó, Nga trả lại 2 tỷ đồng.";
    assert_eq!(place(text, "2 tỷ đồng"), None);
    let text = "Hãng thông tấn cho biết hai nước ký kết. Sau đó, Nga trả lại 2 tỷ đồng.";
    assert_eq!(place(text, "2 tỷ đồng").as_deref(), Some("Nga"));
    let text = "Theo luật sư, Phương Nga nhận 9 tỷ đồng. Bà có 2 nhà máy ở Nga.";
    assert_eq!(place(text, "2 nhà máy").as_deref(), Some("Nga"));
}

#[test]
fn a_silent_amount_goes_on_with_what_its_unit_measured() {
    let text = "Diện tích trồng rừng đạt 15.320 ha, nâng độ che phủ lên 63%. Dẫn đầu là huyện Văn Yên với 3.412 ha.";
    assert_eq!(subject(text, "3.412 ha"), "Diện tích trồng rừng");
    let text = "Diện tích trồng rừng đạt 15.320 ha, nâng độ che phủ lên 63%. Dẫn đầu là huyện Văn Yên với 71%.";
    assert_eq!(subject(text, "71%"), "độ che phủ");
}

#[test]
fn an_age_inside_a_share_is_part_of_its_name() {
    let text = "Sáu tháng đầu năm, tỷ lệ trẻ dưới 1 tuổi được tiêm đủ mũi mới 31,8%.";
    assert_eq!(subject(text, "31,8%"), "tỷ lệ trẻ dưới 1 tuổi được tiêm đủ mũi");
    let text = "Chị Hoa, 41 tuổi, cho biết tỷ lệ tiêm đủ mũi mới 31,8%.";
    assert_eq!(subject(text, "31,8%"), "tỷ lệ tiêm đủ mũi");
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
    let text = "Giá bình quân đạt 626,9 USD/tấn, cao hơn năm ngoái 58 USD. Doanh thu tăng 5 triệu USD.";
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
fn a_price_is_that_of_what_opens_the_sentence() {
    assert_eq!(subject("Bánh tôm hồ Tây với giá khoảng 60.000 đồng.", "60.000 đồng"), "giá Bánh tôm hồ Tây");
    assert_eq!(subject("Năm ngoái bán được nhiều, với giá khoảng 60.000 đồng.", "60.000 đồng"), "giá");
}

#[test]
fn one_of_those_counted_is_not_counted_along() {
    let text = "Khi biết anh làm cho 2 công ty, giám đốc công ty A đã yêu cầu lựa chọn.";
    assert_eq!(figure(text, "2 công ty").unit, "công ty");
    let text = "Huyện khen thưởng 12 tập thể, cá nhân có thành tích.";
    assert_eq!(figure(text, "12 tập thể, cá nhân").unit, "tập thể, cá nhân");
}

#[test]
fn those_who_are_given_an_amount_are_counted_by_themselves() {
    let text = "Nhà nước đã chi trả hơn 24.817 tỷ đồng cho trên 1.616.000 lượt người.";
    assert_eq!(subject(text, "1.616.000 lượt người"), "lượt người");
    let text = "Tỉnh giải quyết việc làm cho 62.000 lượt người.";
    assert_eq!(subject(text, "62.000 lượt người"), "giải quyết việc làm");
}

#[test]
fn a_share_of_a_total_is_taken_of_it() {
    let text = "Hợp đồng chiếm tới 20% trong tổng thu nhập của hãng. Hợp đồng tăng 20% trong năm 2016.";
    let basis = |n: usize| Extractor::new().extract(&Document::new("case", text))[n].basis.clone();
    assert_eq!(basis(0).as_deref(), Some("tổng thu nhập của hãng"));
    assert_eq!(basis(1), None);
}

#[test]
fn people_of_a_country_are_of_it_where_they_are_counted() {
    let text = "Theo khảo sát, 80% người Pháp sẵn sàng bỏ phiếu. Tay vợt người Đức thắng 2 ván.";
    assert_eq!(place(text, "80% người").as_deref(), Some("Pháp"));
    assert_eq!(place("Tay vợt người Đức thắng 12 trận đấu.", "12 trận đấu"), None);
}

#[test]
fn the_first_letter_of_a_person_is_no_district() {
    let text = "Công an tìm kiếm em H. Đến nay mới thấy 3 em nhỏ.";
    assert_eq!(place(text, "3 em"), None);
    assert_eq!(place("Tại H. Sơn Động mới thấy 3 em nhỏ.", "3 em").as_deref(), Some("huyện Sơn Động"));
}

#[test]
fn a_plan_behind_a_slash_is_a_figure_of_its_own() {
    let text = "Thu ngân sách trên địa bàn 2,146 tỷ đồng/dự toán 1,95 tỷ đồng.";
    assert_eq!(figure(text, "2,146 tỷ đồng").unit, "VND");
    assert_eq!(subject(text, "1,95 tỷ đồng"), "dự toán");
    assert_eq!(figure(text, "1,95 tỷ đồng").status, Status::Target);
}

#[test]
fn a_count_inside_the_name_of_a_plan_does_not_part_it_from_its_amount() {
    let text = "Tổng kế hoạch vốn năm 2019 của 2 chương trình là 1.128,6 tỷ đồng, trong đó giảm nghèo 596,3 tỷ đồng.";
    assert_eq!(figure(text, "1.128,6 tỷ đồng").status, Status::Target);
    assert_eq!(figure(text, "596,3 tỷ đồng").status, Status::Target);
}

#[test]
fn a_text_that_speaks_of_its_province_is_not_about_the_country() {
    let text = "Nhân Ngày Thầy thuốc Việt Nam, phóng viên trao đổi với lãnh đạo Sở Y tế Đắk Lắk.\nToàn tỉnh có 15 trung tâm y tế, cả tỉnh có 184 trạm, toàn tỉnh đạt chuẩn.\nToàn tỉnh phấn đấu. Năm ngoái, 151 xã đạt tiêu chí.";
    assert_eq!(place(text, "151 xã").as_deref(), Some("Đắk Lắk"));
}

#[test]
fn the_year_of_the_same_period_is_not_that_of_the_report() {
    let text = "Doanh thu du lịch 6 tháng đầu năm ước đạt 11.250 tỷ đồng, gấp đôi cùng kỳ năm 2023.";
    assert_eq!(published(text, "2024-07-05", "11.250 tỷ đồng").period.and_then(|p| p.end).as_deref(), Some("2024-06-30"));
}
