//! What is counted or measured.

use super::{figure, subject};
use solieu::terms::Status;

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
fn what_tells_the_counted_from_others_stands_behind_a_preposition() {
    assert_eq!(subject("Có 14 tàu của bà con tham dự hội đua.", "14 tàu"), "tàu của bà con tham dự hội đua");
    assert_eq!(subject("Thành phố sẽ xây 2 cầu vượt ở khu vực sân bay.", "2 cầu vượt"), "cầu vượt ở khu vực sân bay");
    assert_eq!(subject("Có 5 vụ trong tháng qua.", "5 vụ"), "vụ", "a time");
    assert_eq!(subject("Có 2 vụ việc ở Lashkar.", "2 vụ việc"), "vụ việc", "an unknown name is a place");
}

#[test]
fn a_noun_that_stands_alone_goes_on_with_the_words_behind_it() {
    assert_eq!(subject("Nguyên nhân là 46 xã không còn thuộc diện hỗ trợ mức đóng.", "46 xã"), "xã không còn thuộc diện hỗ trợ");
    assert_eq!(subject("Trường có 8 em từ 27 điểm trở lên.", "8 em"), "em từ 27 điểm trở lên");
    assert_eq!(subject("Tối thiểu 30% chủ thể do phụ nữ điều hành.", "30% chủ thể"), "chủ thể do phụ nữ điều hành");
    assert_eq!(subject("Có 7 mặt hàng đạt trên 1 tỷ USD, nhiều hơn năm trước.", "1 tỷ USD"), "mặt hàng", "a limit");
    assert_eq!(subject("Xã có 14 thôn với 1.386 hộ.", "14 thôn"), "thôn", "another noun");
    assert_eq!(subject("Có 4 cán bộ tại Cà Mau, trong đó có 1 phó giám đốc.", "4 cán bộ"), "cán bộ", "a place alone");
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
fn a_ratio_with_nothing_but_its_noun_is_of_what_was_counted() {
    let text = "Có 71 xã được công nhận đạt chuẩn; huyện Lâm Thao giữ vững 12/12 xã.";
    assert_eq!(subject(text, "12/12 xã"), "xã được công nhận đạt chuẩn");
}

#[test]
fn the_body_that_owns_an_amount_is_not_measured() {
    assert_eq!(subject("Tổng nguồn vốn của Chi nhánh Ngân hàng CSXH tỉnh Khánh Hòa đạt 10.486 tỷ đồng.", "10.486 tỷ đồng"), "Tổng nguồn vốn");
}

#[test]
fn money_behind_a_count_is_what_money_was_before() {
    let text = "Các khu có 242 dự án với số vốn đăng ký 3.945 triệu USD. Hàn Quốc 138 dự án, 1.610 triệu USD; Đài Loan 32 dự án, 24 triệu USD.";
    assert_eq!(subject(text, "24 triệu USD"), "số vốn đăng ký");
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
    let text = "Giá bạc miếng được niêm yết lúc 9 giờ 15 phút ở mức 1,2 triệu đồng/lượng.";
    assert_eq!(subject(text, "1,2 triệu đồng/lượng"), "Giá bạc miếng");
    let text = "Giá vàng được mùa, đạt mức 36,6 triệu đồng/lượng.";
    assert_eq!(subject(text, "36,6 triệu đồng/lượng"), "Giá vàng được mùa");
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
fn a_price_is_that_of_what_opens_the_sentence() {
    assert_eq!(subject("Bánh tôm hồ Tây với giá khoảng 60.000 đồng.", "60.000 đồng"), "giá Bánh tôm hồ Tây");
    assert_eq!(subject("Năm ngoái bán được nhiều, với giá khoảng 60.000 đồng.", "60.000 đồng"), "giá");
}

#[test]
fn those_who_are_given_an_amount_are_counted_by_themselves() {
    let text = "Nhà nước đã chi trả hơn 24.817 tỷ đồng cho trên 1.616.000 lượt người.";
    assert_eq!(subject(text, "1.616.000 lượt người"), "lượt người");
    let text = "Tỉnh giải quyết việc làm cho 62.000 lượt người.";
    assert_eq!(subject(text, "62.000 lượt người"), "giải quyết việc làm");
}

#[test]
fn a_plan_behind_a_slash_is_a_figure_of_its_own() {
    let text = "Thu ngân sách trên địa bàn 2,146 tỷ đồng/dự toán 1,95 tỷ đồng.";
    assert_eq!(figure(text, "2,146 tỷ đồng").unit, "VND");
    assert_eq!(subject(text, "1,95 tỷ đồng"), "dự toán");
    assert_eq!(figure(text, "1,95 tỷ đồng").status, Status::Target);
}

#[test]
fn more_or_less_of_what_was_counted_is_still_that() {
    let text = "Toàn tỉnh có 187 vụ tai nạn giao thông, làm chết 74 người; so với cùng kỳ giảm 23 vụ.";
    assert_eq!(subject(text, "23 vụ"), "vụ tai nạn giao thông");
    assert_eq!(subject(text, "74 người"), "làm chết người");
}

#[test]
fn a_share_of_a_group_of_places_is_of_what_was_told_before() {
    let text = "Cả nước có 11/63 tỉnh đạt tỷ lệ tiêm chủng trên 95%, huyện Sơn Động 41%.";
    assert_eq!(subject(text, "41%"), "tỷ lệ tiêm chủng");
    assert_eq!(subject(&text.replace("huyện Sơn Động", "trẻ em gái"), "41%"), "tỷ lệ trẻ em gái");
}

#[test]
fn what_is_paid_out_of_a_plan_goes_with_its_verb() {
    assert_eq!(subject("Tỉnh đã giải ngân 95% kế hoạch vốn đầu tư công.", "95% kế hoạch vốn"), "giải ngân kế hoạch vốn đầu tư công");
}

#[test]
fn what_is_given_goes_with_what_it_is_for() {
    assert_eq!(subject("Bà con hiến 25.000 m2 đất để mở rộng đường.", "25.000 m2"), "Bà con hiến đất để mở rộng đường");
    assert_eq!(subject("Bà con hiến 25.000 m2 đất lúa tại 4 thôn.", "25.000 m2"), "đất lúa");
    assert_eq!(subject("Trung ương hỗ trợ 98 tỷ đồng và 1.050 tấn gạo để cứu đói.", "1.050 tấn"), "gạo");
}

#[test]
fn a_row_with_another_place_goes_on_with_the_same_noun() {
    let text = "Tỉnh có 50 xã đạt chuẩn, trong đó huyện Sơn Động có 5 xã.";
    assert_eq!(subject(text, "5 xã"), "xã đạt chuẩn");
    assert_eq!(subject("Tỉnh có 50 xã đạt chuẩn, còn 5 xã.", "5 xã"), "xã");
}

#[test]
fn a_share_that_opens_its_clause_takes_what_is_done_with_it() {
    assert_eq!(subject("Đến nay, 100% rác được phân loại tại nhà.", "100%"), "rác được phân loại tại nhà");
}

#[test]
fn what_was_said_begins_behind_the_verb_of_saying() {
    assert_eq!(subject("Bộ Nông nghiệp cho biết cả năm trồng 250.000 ha rừng.", "250.000 ha"), "trồng rừng");
}

#[test]
fn what_happens_to_the_last_noun_of_a_row_happens_to_all() {
    let text = "Từ đầu năm có 7 tàu với 52 ngư dân bị nước ngoài bắt giữ.";
    assert_eq!(subject(text, "7 tàu"), "tàu bị nước ngoài bắt giữ");
    let text = "Mưa lớn làm 1.087 ha lúa, dâu tằm và cây ăn trái ngập úng.";
    assert_eq!(subject(text, "1.087 ha"), "lúa, dâu tằm và cây ăn trái ngập úng");
    assert_eq!(subject("Có 5.413 ha lúa, 1.602 ha hoa màu bị thiệt hại.", "5.413 ha"), "lúa bị thiệt hại");
    // What is told of one of them already holds for that one alone.
    assert_eq!(subject("Vụ nổ khiến 7 người chết, 59 người bị thương.", "7 người"), "người chết");
    assert_eq!(subject("Đường sắt xảy ra 76 vụ với 65 người chết và 30 người bị thương.", "76 vụ"), "Đường sắt xảy ra vụ");
    assert_eq!(subject("Nông dân đã thả nuôi 38 ha tôm nước lợ, diện tích bị thiệt hại là 12 ha.", "38 ha"), "tôm nước lợ");
}

#[test]
fn a_price_or_a_size_is_that_of_the_thing_that_has_it() {
    let text = "Nhà máy điện khí được phê duyệt năm 2021 với công suất 1.500 MW.";
    assert_eq!(subject(text, "1.500 MW"), "công suất Nhà máy điện khí");
    assert_eq!(subject("Bánh đúc chợ Đồn được bán giá 9.000 đồng/cái.", "9.000 đồng/cái"), "giá Bánh đúc chợ Đồn");
    assert_eq!(subject("Sở đã xử phạt vi phạm hành chính với số tiền 3 tỷ đồng.", "3 tỷ đồng"), "số tiền xử phạt vi phạm hành chính");
    assert_eq!(subject("Cầu treo qua suối có chiều dài 96 m.", "96 m"), "chiều dài Cầu treo qua suối");
    assert_eq!(subject("Xã có 61 lô đất trống với diện tích hơn 17 ha.", "17 ha"), "diện tích lô đất trống");
    // The money is not theirs.
    assert_eq!(subject("Ngân hàng cho vay 140 người với số tiền 7,2 tỷ đồng.", "7,2 tỷ đồng"), "số tiền");
    // Whose price it is was told before the comma.
    assert_eq!(subject("Bưởi hồ lô có dáng lạ, bày mâm cúng với giá bán 350.000 đồng/quả.", "350.000 đồng/quả"), "giá bán");
    assert_eq!(subject("Cà phê 8.940 ha, sản lượng 26.800 tấn, giá bán 112.000 đồng/kg.", "112.000 đồng/kg"), "giá bán Cà phê");
}

#[test]
fn who_is_paid_goes_with_what_is_paid() {
    assert_eq!(subject("Quỹ đã chi trả 611,8 tỷ đồng cho 73.400 hộ.", "73.400 hộ"), "Quỹ đã chi trả cho hộ");
    let text = "Năm 2024 cả nước xuất khẩu 8,48 triệu tấn gạo, thu về 5,31 tỷ USD.";
    assert_eq!(subject(text, "5,31 tỷ USD"), "xuất khẩu gạo");
}

#[test]
fn a_quoted_name_is_kept_whole_and_a_quotation_ends_the_phrase_inside_it() {
    assert_eq!(subject("“Cánh đồng xanh” bán được 3.200 vé.", "3.200 vé"), "“Cánh đồng xanh” bán được vé");
    assert_eq!(subject("Sở trao danh hiệu \"10 nhà nông giỏi\" vào sáng thứ Hai.", "10 nhà"), "nhà nông giỏi");
    let text = "Hội tặng 40 suất quà “Tiếp bước, đến trường” trị giá 20 triệu đồng.";
    assert_eq!(subject(text, "40 suất quà"), "suất quà “Tiếp bước, đến trường”");
}

#[test]
fn words_of_time_and_particles_end_no_phrase() {
    assert_eq!(subject("Đập nước xây xong chỉ sau 5 tháng.", "5 tháng"), "Đập nước xây xong");
    assert_eq!(subject("Kẻ trộm bị bắt 2 ngày sau khi bỏ trốn.", "2 ngày"), "Kẻ trộm bị bắt");
    assert_eq!(subject("Đội cứu được 4 người trước khi cầu sập.", "4 người"), "Đội cứu được người");
    assert_eq!(subject("Kho có 6 lô thuốc quá hạn đã bị cho vào lò đốt.", "6 lô"), "lô thuốc quá hạn");
    assert_eq!(subject("Sân bay có 9 tàu hậu cần.", "9 tàu"), "tàu hậu cần");
}

#[test]
fn no_phrase_begins_or_ends_in_the_middle_of_a_small_word() {
    assert_eq!(subject("Rễ cây này có thể dài 9 m.", "9 m"), "Rễ cây này có thể dài");
    assert_eq!(subject("Thợ phải xong việc trong vòng 6 ngày.", "6 ngày"), "Thợ phải xong việc");
    assert_eq!(subject("Kim ngạch thương mại song phương đạt 3 tỷ USD.", "3 tỷ USD"), "Kim ngạch thương mại song phương");
    assert_eq!(subject("Đội thua 2 trận gần đây.", "2 trận"), "Đội thua trận");
}

#[test]
fn a_number_of_things_stays_the_subject() {
    assert_eq!(subject("Số hộ nghèo gần 1.200 hộ.", "1.200 hộ"), "Số hộ nghèo");
    assert_eq!(subject("Tổng số lao động được giao 900 lao động.", "900 lao động"), "Tổng số lao động");
    assert_eq!(subject("Doanh thu của xưởng tăng thêm 12%.", "12%"), "Doanh thu của xưởng");
    assert_eq!(subject("Tỉnh đặt mục tiêu tăng trưởng 7%.", "7%"), "tăng trưởng");
}
