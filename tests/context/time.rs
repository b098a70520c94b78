//! When a figure holds.

use super::{end, figure, published};
use solieu::{Document, Extractor};

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
fn the_line_below_the_name_of_a_body_is_the_title() {
    let text = "UBND XÃ TÂN AN\nBáo cáo tóm tắt tình hình 6 tháng đầu năm 2013\nI. KINH TẾ\nLúa gieo sạ 2.105 ha.";
    let period = figure(text, "2.105 ha").period.unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2013-01-01"), Some("2013-06-30")));
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
fn a_bracket_of_days_tells_the_time_of_its_sentence() {
    let text = "Trong 9 ngày nghỉ Tết (từ 14 đến 22/2), toàn tỉnh đón 486.000 lượt khách.";
    let period = published(text, "2026-02-24", "486.000 lượt khách").period.unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2026-02-14"), Some("2026-02-22")));
    assert_eq!(end("Đến thời điểm tổng hợp (ngày 31/12/2016), mới có 241 đơn vị báo cáo.", "241 đơn vị").as_deref(), Some("2016-12-31"));
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
fn the_time_of_a_goal_governs_later_goals_only() {
    let text = "Hội nghị tổng kết công tác giảm nghèo\nĐại biểu đã thảo luận.\nĐại biểu nêu mục tiêu. Đến năm 2025, tỉnh phấn đấu có 60 xã đạt chuẩn. Xã Pa Cheo có 812 hộ nghèo. Mục tiêu là 30 xã nâng cao.";
    assert_eq!(end(text, "60 xã").as_deref(), Some("2025-12-31"));
    assert_eq!(end(text, "812 hộ nghèo"), None);
    assert_eq!(end(text, "30 xã").as_deref(), Some("2025-12-31"));
}

#[test]
fn the_year_of_the_same_period_is_not_that_of_the_report() {
    let text = "Doanh thu du lịch 6 tháng đầu năm ước đạt 11.250 tỷ đồng, gấp đôi cùng kỳ năm 2023.";
    assert_eq!(published(text, "2024-07-05", "11.250 tỷ đồng").period.and_then(|p| p.end).as_deref(), Some("2024-06-30"));
}

#[test]
fn a_wider_time_governs_what_follows_the_month_in_it() {
    let text = "Tháng 6 tỉnh thu 90 tỷ đồng; 6 tháng đầu năm 2023 thu 480 tỷ đồng. Thu nội địa đạt 300 tỷ đồng.";
    assert_eq!(figure(text, "300 tỷ đồng").period.and_then(|p| p.start).as_deref(), Some("2023-01-01"));
    assert_eq!(end(text, "90 tỷ đồng").as_deref(), Some("2023-06-30"));
}

#[test]
fn the_end_of_the_year_in_a_report_of_january_is_that_of_the_last() {
    let text = "Kết quả năm 2022 của tỉnh Lai Châu\nNăm 2022, tỉnh thu 2.100 tỷ đồng.\nĐến cuối năm, toàn tỉnh có 39 xã đạt chuẩn.";
    assert_eq!(published(text, "2023-01-12", "39 xã").period.and_then(|p| p.end).as_deref(), Some("2022-12-31"));
}

#[test]
fn the_last_of_some_states_goes_on_when_it_is_a_fact() {
    let text = "Cuối năm 2015 còn 62 hộ nghèo; đến cuối năm 2018 chỉ còn 20 hộ nghèo. Có 5 hộ thiếu nước.";
    assert_eq!(end(text, "5 hộ").as_deref(), Some("2018-12-31"));
    assert_eq!(end(&text.replace("chỉ còn", "phấn đấu còn"), "5 hộ").as_deref(), Some("2015-12-31"));
}

#[test]
fn those_who_come_to_an_event_are_of_its_day() {
    let text = "Ngày 22/9/2022, tỉnh họp về chương trình giai đoạn 2021 - 2025. Đến dự có lãnh đạo tỉnh, cùng hơn 120 nông dân.";
    assert_eq!(end(text, "120 nông dân").as_deref(), Some("2022-09-22"));
}

#[test]
fn this_occasion_is_the_day_of_the_text() {
    let text = "Thứ trưởng Bộ Y tế dự lễ.\nDịp này, đoàn tặng 100 suất quà.";
    assert_eq!(published(text, "2016-11-23", "100 suất quà").period.and_then(|p| p.start).as_deref(), Some("2016-11-23"));
}

#[test]
fn among_how_many_years_a_figure_is_the_lowest_is_no_time() {
    let text = "Năm 2016, dệt may gặp khó. Xuất khẩu chỉ tăng 5,2%, thấp nhất trong vòng 10 năm qua.";
    assert_eq!(end(text, "5,2%").as_deref(), Some("2016-12-31"));
    assert_eq!(end(&text.replace("thấp nhất trong vòng", "chậm dần trong"), "5,2%"), None);
    assert_eq!(end(&text.replace("thấp nhất trong vòng", "theo số liệu thống nhất trong"), "5,2%"), None, "no superlative");
}

#[test]
fn a_year_in_a_bracket_is_that_of_its_figure() {
    let text = "Năm 2018, tỷ lệ hộ nghèo qua từng năm là 61,9% (2015), 55,3% (2016) và 47,1% (2017).";
    assert_eq!((end(text, "61,9%").as_deref(), end(text, "47,1%").as_deref()), (Some("2015-12-31"), Some("2017-12-31")));
}

#[test]
fn a_span_of_time_ends_behind_sentences_without_a_figure() {
    let text = "Cả xã đều mừng. Năm 2016, trung tâm dạy 35 lớp. Học viên rất chăm. Ai cũng có việc. Xưởng có 50 máy may.";
    assert_eq!(end(text, "50 máy"), None);
    assert_eq!(end(&text.replace(" Ai cũng có việc.", ""), "50 máy").as_deref(), Some("2016-12-31"));
    assert_eq!(end(&text.replace("Năm 2016", "Đến hết năm 2016"), "50 máy").as_deref(), Some("2016-12-31"), "a state goes on");
}

#[test]
fn items_take_the_time_told_before_a_line_that_only_announces() {
    let text = "Tin tổng hợp\n\nTỉnh họp báo.\n\nĐến ngày 15/11/2025, toàn tỉnh giải ngân 5.512 tỷ đồng. Cụ thể:\n- Vốn địa phương: 3.140 tỷ đồng.";
    assert_eq!(end(text, "3.140 tỷ đồng").as_deref(), Some("2025-11-15"));
}

#[test]
fn days_of_a_month_and_quarters_by_their_place() {
    let text = "Tính từ 15 ngày đầu tháng 5/2023, cảng xuất 12 tàu.";
    assert_eq!(end(text, "12 tàu").as_deref(), Some("2023-05-15"));
    assert_eq!(end("Trong 10 ngày cuối tháng 2/2024, cảng xuất 12 tàu.", "12 tàu").as_deref(), Some("2024-02-29"));
    assert_eq!(end("Quý đầu năm 2024, cảng xuất 12 tàu.", "12 tàu").as_deref(), Some("2024-03-31"));
    assert_eq!(end("Niên vụ 2023/2024, xã thu 12 tấn mía.", "12 tấn").as_deref(), Some("2024-12-31"));
}
