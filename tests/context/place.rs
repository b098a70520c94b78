//! Whose figure it is.

use super::{figure, place, subject};

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
fn an_address_is_no_place_of_a_figure() {
    let text = "Công an tỉnh Lai Châu phạt một người (40 tuổi, trú tại xóm Đông, xã Phú Hòa, tỉnh Phú Yên), thu 12 máy khoan.";
    assert_eq!(place(text, "12 máy").as_deref(), Some("Lai Châu"));
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
fn the_level_of_another_place_in_a_bracket_is_of_that_place() {
    let text = "Tỉnh Lai Châu giải ngân 39%, thấp hơn 7,7 điểm phần trăm so với bình quân cả nước (46,7%).";
    assert_eq!(place(text, "46,7%").as_deref(), Some("Việt Nam"));
    assert_eq!(place(text, "39%").as_deref(), Some("Lai Châu"));
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
fn where_people_come_from_tells_them_from_others() {
    let text = "Học viện đã chọn 5 em, trong đó có 2 em từ Thanh Hóa, 1 em đến từ Hải Dương.";
    assert_eq!(subject(text, "2 em"), "em từ Thanh Hóa");
    assert_eq!(place(text, "2 em").as_deref(), Some("Thanh Hóa"));
    assert_eq!(subject(text, "1 em"), "em đến từ Hải Dương");
    assert_eq!(place(text, "1 em").as_deref(), Some("Hải Dương"));
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
fn people_of_a_country_are_of_it_where_they_are_counted() {
    let text = "Theo khảo sát, 80% người Pháp sẵn sàng bỏ phiếu. Tay vợt người Đức thắng 2 ván.";
    assert_eq!(place(text, "80% người").as_deref(), Some("Pháp"));
    assert_eq!(place("Tay vợt người Đức thắng 12 trận đấu.", "12 trận đấu"), None);
}

#[test]
fn the_first_letter_of_a_person_is_no_district() {
    let text = "Công an tìm kiếm em H. Đến nay mới thấy 3 em nhỏ.";
    assert_eq!(place(text, "3 em nhỏ"), None);
    assert_eq!(place("Tại H. Sơn Động mới thấy 3 em nhỏ.", "3 em nhỏ").as_deref(), Some("huyện Sơn Động"));
}

#[test]
fn a_text_that_speaks_of_its_province_is_not_about_the_country() {
    let text = "Nhân Ngày Thầy thuốc Việt Nam, phóng viên trao đổi với lãnh đạo Sở Y tế Đắk Lắk.\nToàn tỉnh có 15 trung tâm y tế, cả tỉnh có 184 trạm, toàn tỉnh đạt chuẩn.\nToàn tỉnh phấn đấu. Năm ngoái, 151 xã đạt tiêu chí.";
    assert_eq!(place(text, "151 xã").as_deref(), Some("Đắk Lắk"));
}

#[test]
fn a_district_tells_provinces_apart_that_are_named_equally_often() {
    let text = "Du khách đến đông. Bà Lụa ở huyện Hoa Lư rất vui.\n\nTỉnh Ninh Bình đón 563 lượt khách, Nam Định 210 lượt, Hà Nam 145 lượt.\n\nCả tỉnh có 900 phòng nghỉ.";
    assert_eq!(place(text, "900 phòng").as_deref(), Some("Ninh Bình"));
    assert_ne!(place(&text.replace("huyện Hoa Lư", "bến thuyền"), "900 phòng").as_deref(), Some("Ninh Bình"));
}

#[test]
fn a_province_that_another_was_joined_with_is_not_the_one_of_the_figure() {
    let text = "Tỉnh Tuyên Quang (sau khi hợp nhất với Hà Giang), đến nay toàn tỉnh giải ngân 6.842 tỷ đồng.";
    assert_eq!(place(text, "6.842 tỷ đồng").as_deref(), Some("Tuyên Quang"));
}

#[test]
fn an_example_does_not_become_what_a_text_speaks_of() {
    let text = "Tại huyện Ea Súp có 9 xã. Như xã Ia Lốp, 7 thôn chưa có điện. Có 80 hộ thiếu nước.";
    assert_eq!(place(text, "7 thôn").as_deref(), Some("xã Ia Lốp"));
    assert_eq!(place(text, "80 hộ").as_deref(), Some("huyện Ea Súp"));
    assert_eq!(place(&text.replace("Như xã", "Tại xã"), "80 hộ").as_deref(), Some("xã Ia Lốp"));
}

#[test]
fn who_wrote_a_text_is_no_district() {
    let text = "Hải Dương: Tín dụng chính sách\n\nTHANH HÀ   14/06/2024\n\nNguồn vốn của huyện đạt 12,7 tỷ đồng.";
    assert_eq!(place(text, "12,7 tỷ đồng").as_deref(), Some("Hải Dương"));
    assert_eq!(place(&text.replace("THANH HÀ ", "HUYỆN THANH HÀ "), "12,7 tỷ đồng").as_deref(), Some("huyện Thanh Hà"));
}

#[test]
fn a_bracket_that_compares_places_nothing() {
    let text = "Mỗi người bệnh (thấp hơn một số nước như Nhật Bản) khám 7 lần.";
    assert_eq!(place(text, "7 lần"), None);
    assert_eq!(place("Mỗi người bệnh (tỉnh Lai Châu) khám 7 lần.", "7 lần").as_deref(), Some("Lai Châu"));
}

#[test]
fn the_place_of_a_dateline_is_not_what_a_text_is_about() {
    let text = "Hà Nội, 30/10/2023 - Bộ Nông nghiệp cho biết cả năm trồng 250.000 ha rừng.";
    assert_eq!(place(text, "250.000 ha").as_deref(), Some("Việt Nam"));
}

#[test]
fn names_with_an_apostrophe_are_whole() {
    assert_eq!(place("Xã Nâm N’Đir, huyện Krông Nô, có 183 hộ nghèo.", "183 hộ nghèo").as_deref(), Some("xã Nâm N’Đir"));
    assert_eq!(place("Huyện Ea H'leo có 3 trạm bơm.", "3 trạm bơm").as_deref(), Some("huyện Ea H'leo"));
}

#[test]
fn communes_of_a_list_share_the_word_before_them() {
    let text = "Các xã Sơn Tây Thượng, Đăk Plô và Ngọk Linh lần lượt có 22 hộ, 19 hộ và 17 hộ.";
    assert_eq!(place(text, "19 hộ").as_deref(), Some("xã Đăk Plô"));
    assert_eq!(place(text, "17 hộ").as_deref(), Some("xã Ngọk Linh"));
    assert_eq!(place("Có 5 hộ ở các xã Phong Vân, Hà Nội.", "5 hộ").as_deref(), Some("xã Phong Vân"), "no province is a commune");
}

#[test]
fn one_of_several_places_does_not_go_on() {
    let text = "Tỉnh Lạng Sơn có 197 hộ nghèo phát sinh, riêng huyện Bình Gia 15 hộ. Kinh phí rà soát là 1.260 triệu đồng.";
    assert_eq!(place(text, "1.260 triệu đồng").as_deref(), Some("Lạng Sơn"));
    let least = "Tỉnh Lạng Sơn họp. Huyện Bình Gia có ít nhất 15 hộ nghèo. Kinh phí rà soát là 1.260 triệu đồng.";
    assert_eq!(place(least, "1.260 triệu đồng").as_deref(), Some("huyện Bình Gia"), "no superlative");
}

#[test]
fn words_for_a_level_in_other_words_name_no_place() {
    assert_eq!(place("Ông xã Bảo Duy có 3 chiếc xe.", "3 chiếc"), None);
    assert_eq!(place("Liên minh Hợp tác xã Việt Nam có 12 thành viên.", "12 thành viên").as_deref(), Some("Việt Nam"));
    assert_eq!(place("Nhà xuất bản Văn học in 13 cuốn sách.", "13 cuốn sách"), None);
    assert_eq!(place("Tốc độ tối đa là 151 km/h. Smart Fortwo dài 2.695 mm.", "2.695 mm"), None);
    assert_eq!(place("H. Sơn Động có 12 xã nghèo.", "12 xã").as_deref(), Some("huyện Sơn Động"));
}
