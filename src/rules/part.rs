//! The parts that rules play, by the words of rule files.
//!
//! In: what a field of a rule says. Out: one of a closed set, or none. Never: a meaning, which the rooms give.

use crate::terms::terms;

terms! {
    /// The part that a numeral word plays in a spelled-out number.
    NumeralRole {
        /// một … chín
        Digit = "digit",
        /// mười
        Ten = "ten",
        /// mươi
        Tens = "tens",
        /// trăm
        Hundred = "hundred",
        /// lẻ, linh
        Zero = "zero",
        /// rưỡi
        Half = "half",
        /// chục, tá
        Dozen = "dozen",
        /// âm
        Negative = "negative",
        /// vài, hàng
        Vague = "vague",
    }
}

terms! {
    /// What a verb of reaching says.
    Verb {
        /// The subject stands before it: `tỷ lệ … đạt 5%`.
        Level = "level",
        /// What is counted stands behind: `có 5 xã`.
        Exist = "exist",
        /// Adverbs and other small words.
        Small = "small",
    }
}

terms! {
    /// The part that a small word plays.
    Cue {
        /// Tense and voice: what follows is a verb (`đã`, `được`).
        Auxiliary = "auxiliary",
        /// Stands for what was named before (`con số này`, `tổng số`).
        Anaphor = "anaphor",
        /// Points back to what was named before, behind a noun (`phí này`).
        Points = "points",
        /// A magnitude that says nothing without its owner (`tỷ lệ`, `giá`).
        Incomplete = "incomplete",
        /// As `Incomplete`, of what the sentence itself names.
        Unfinished = "unfinished",
        /// A verb whose subject was named before (`thu`, `giao`).
        Leftover = "leftover",
        /// A noun that counts what was named before (`người`, `vụ`).
        Bare = "bare",
        /// Opens the topic of a sentence, set off by a comma (`Về giảm nghèo, …`).
        Topic = "topic",
        /// A verb of saying: its speaker is no subject.
        Says = "says",
        /// Opens the other side of a relation (`với Trung Quốc`, `vào Việt Nam`).
        Partner = "partner",
        /// A public body: the country behind its name is whose figure it is (`Cơ quan thuế Singapore`).
        Body = "body",
        /// Before the place where a person lives or comes from (`trú tại`).
        Home = "home",
        /// Opens the name of a company (`Công ty`).
        Company = "company",
        /// A facility that is named after a district (`sân bay Long Thành`).
        Facility = "facility",
        /// A road or a line that is called after its ends (`tuyến Nha Trang - Huế`).
        Route = "route",
        /// A verb of happening, which says nothing of what is counted (`xảy ra 31 vụ`).
        Happens = "happens",
        /// Says that something belongs to two sides (`kim ngạch hai chiều`).
        Mutual = "mutual",
        /// Before the next name of a row (`kế đến Hàn Quốc 17`).
        NextInRow = "next_in_row",
        /// What a meeting sets out to do next (`triển khai nhiệm vụ`): a time behind it is not that of what it reports.
        Agenda = "agenda",
        /// May stand between a verb of change and its number.
        Between = "between",
        /// A verb of change governs a percentage across it.
        Transparent = "transparent",
        /// Makes a noun of a verb of change (`tốc độ tăng`).
        Nominal = "nominal",
        /// Stands at the level that raising something reaches (`lên`).
        Arrives = "arrives",
        /// A word of a gap to something else (`cao hơn bình quân 7 điểm`).
        Gap = "gap",
        /// Ends what a thing is compared with.
        Link = "link",
        /// Says a figure again in other terms (`tương đương`).
        Equals = "equals",
        /// Before a plan that a result is measured against.
        MeasuredBy = "measured_by",
        /// Before a plan or a forecast whose own level follows.
        MeasuredAgainst = "measured_against",
        /// What came of a plan stands behind it.
        Result = "result",
        /// Before a place behind its figure (`tại`).
        Within = "within",
        /// Before a place where something is or goes, not somebody who acts (`gần London`, `tới Seoul`).
        Locative = "locative",
        /// Before the name of who took a picture.
        Credit = "credit",
        /// Before a country that somebody comes from (`người Anh`).
        People = "people",
        /// What is adjusted up to a level has risen to it (`điều chỉnh vốn đầu tư lên tới 8.100 tỷ đồng`).
        Adjusts = "adjusts",
        /// A sum that rises or falls by the amount behind it (`giảm thu 120 triệu đồng`).
        Sum = "sum",
        /// A noun that may stand for whatever is counted (`trong 37 chủ đầu tư, có 8 đơn vị`).
        Generic = "generic",
        /// An adjective that says along which side a thing is measured (`dài 5 m`).
        Dimension = "dimension",
        /// Makes a noun of such an adjective (`độ sâu`, `chiều dài`).
        DimensionNoun = "dimension_noun",
        /// What a share is taken of, when the clause names whose it is (`30% số phiếu`).
        PartOf = "part_of",
        /// Between a fraction and the noun that it is a part of (`2/3 số hộ`).
        NumberOf = "number_of",
        /// Part of an address, before the place that it lies in (`số 5, tổ 3, phường A`).
        Address = "address",
        /// Joins a clause to the one before (`và`, `còn`).
        Joins = "joins",
        /// Behind a counted noun: whose they are or where they are follows (`22 tàu của ngư dân`).
        Relation = "relation",
        /// Behind a noun that is measured: what or who it is for follows (`tiền bồi thường cho …`).
        Purpose = "purpose",
        /// Behind such a word: a time, a pronoun, a whole.
        NoRelation = "no_relation",
        /// Begins no name of what the figure before it measures.
        NoNoun = "no_noun",
        /// Behind a noun that stands alone: another part of the sentence begins.
        NoTail = "no_tail",
        /// Behind a level: it holds now, whatever is planned (`từ 61% hiện nay lên 68%`).
        Present = "present",
        /// The most or the first of all (`nhất`, `lần đầu`).
        Superlative = "superlative",
        /// Opens an aside about what a plan holds (`kể cả`).
        Aside = "aside",
        /// Before a word for a level: several places follow (`các xã`).
        Many = "many",
        /// Right before a place that is told of as one of several (`riêng`).
        Singled = "singled",
        /// Before a country that is a market or a partner.
        Market = "market",
        /// The figure behind it says which ones the figure before it counts.
        Defines = "defines",
        /// May stand before [`Cue::Defines`] (`còn lại`).
        Remaining = "remaining",
        /// Opens a phrase that only tells where.
        Where = "where",
        /// What is said of a counted noun begins here.
        Passed = "passed",
        /// What happens to things or people (`bị`, `ngập úng`): said of all nouns in a row before it.
        Suffers = "suffers",
        /// What is done with a price, behind `được`.
        Traded = "traded",
        /// Says where (`trên`) before a few things, and more than before many.
        On = "on",
        /// Things of which a few are many (`tầng`, `chỗ`).
        Graded = "graded",
        /// A small word or verb that ends no counted phrase.
        Dangling = "dangling",
        /// Between a thing and the magnitude that it has (`với giá`, `bán giá`, `tăng giá`).
        Bears = "bears",
        /// First word of a noun that is measured.
        Head = "head",
        /// Before a noun that is measured: another clause ends here.
        Opens = "opens",
        /// Opens a clause that names nothing that is measured.
        Adverbial = "adverbial",
        /// A row of figures takes the members of a list one by one (`lần lượt`).
        Respective = "respective",
        /// More than a level, or by how much more (`vượt`).
        Exceeds = "exceeds",
        /// Opens the side of a thing that a change is told of (`về lượng`).
        Side = "side",
        /// Before the level that a change left (`từ`).
        Leaves = "leaves",
        /// Before the level that a change reached (`lên`, `xuống`).
        Comes = "comes",
        /// Before a number of times that makes as much more (`gấp`).
        Multiplies = "multiplies",
        /// Before a unit that holds for a whole table or list (`đơn vị tính`).
        UnitLabel = "unit_label",
        /// Names the row that sums up.
        Total = "total",
        /// Heading of the column that numbers the rows (`STT`).
        Ordinal = "ordinal",
        /// Heading of names that are what is measured and not whose figure it is.
        Thing = "thing",
        /// What a heading of a time begins with.
        Timed = "timed",
        /// A year as a whole, which names no thing (`cả năm`).
        WholeYear = "whole_year",
        /// Something is done to what is counted (`hỗ trợ`, `đào tạo`).
        Doing = "doing",
        /// Before the name of a person (`ông Mỹ`).
        Person = "person",
        /// A part of a territory (`vùng cao`).
        Area = "area",
        /// Places in general (`địa phương`), which no share measures.
        Group = "group",
        /// A verb of making less, with what becomes less behind it (`cắt giảm`).
        Cuts = "cuts",
        /// Before the place that a distance is told from (`cách`).
        Away = "away",
        Beside = "beside",
        Example = "example",
        /// Says that a share is one of a whole (`chiếm`).
        Shares = "shares",
        /// Who or what takes part in an event (`đại biểu`, `điểm cầu`).
        Attends = "attends",
        /// Names a limit that is in force (`mức`).
        Norm = "norm",
        /// Opens what somebody proposes (`đề nghị`).
        Proposes = "proposes",
        /// Behind an amount: for whom or from whom it is (`cho`, `của`).
        Aim = "aim",
        /// A pronoun: who acts or speaks, never what is measured (`chị bán 3 tấn`).
        Actor = "actor",
        /// A step of a ranking: one is a figure behind a verb of change (`tăng một bậc`).
        Step = "step",
    }
}

terms! {
    /// What is measured in a unit.
    Dimension {
        Money = "money",
        Percent = "percent",
        Points = "points",
        Measure = "measure",
        Multiple = "multiple",
        Duration = "duration",
    }
}

terms! {
    /// How far a status word reaches.
    Scope {
        /// To the end of the sentence, over coordinated clauses.
        Sentence = "sentence",
        /// To the end of its clause.
        Clause = "clause",
        /// The words name the figure itself: `dự toán 1.350 tỷ đồng`.
        Noun = "noun",
        /// As `Sentence`, but another status in the clause is stronger.
        Weak = "weak",
        /// As `Sentence`, but only over money and measures.
        Amount = "amount",
    }
}

terms! {
    /// What a period phrase gives: see `patterns/periods/`.
    Yields {
        Day = "day",
        DayUntil = "day_until",
        Days = "days",
        Month = "month",
        Months = "months",
        FirstMonths = "first_months",
        LastMonths = "last_months",
        Quarter = "quarter",
        Quarters = "quarters",
        Half = "half",
        DaysOfMonth = "days_of_month",
        HalfMonth = "half_month",
        NineMonths = "nine_months",
        Year = "year",
        Years = "years",
        SeasonYears = "season_years",
        SinceYear = "since_year",
        StartOfYear = "start_of_year",
        EndOfYear = "end_of_year",
        Now = "now",
        ThisYear = "this_year",
        LastYear = "last_year",
        NextYear = "next_year",
        ThisMonth = "this_month",
        LastMonth = "last_month",
        Today = "today",
        Yesterday = "yesterday",
        EndOfMonth = "end_of_month",
        SamePeriod = "same_period",
        SamePoint = "same_point",
        /// The occasion that the text tells of: its days, else its first day, else that of publication (`dịp này`).
        Occasion = "occasion",
        /// The time that the text told last (`cùng thời gian`).
        SameTime = "same_time",
        None = "none",
    }
}

terms! {
    /// Which place words such as `toàn tỉnh` stand for.
    Refers {
        Country = "country",
        /// Bodies of the state: the text is about the country when it names no province more often.
        Central = "central",
        Province = "province",
        District = "district",
        Commune = "commune",
        /// The place of the text: `trên địa bàn`.
        Any = "any",
        /// No place in particular.
        World = "world",
        /// The country named last.
        ThatCountry = "that_country",
        /// The city or province named last.
        ThatCity = "that_city",
        ThatDistrict = "that_district",
        ThatCommune = "that_commune",
    }
}

/// A set of cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cues(u128);

const _: () = assert!((Cue::Step as u32) < u128::BITS, "a cue is a bit of `Cues`");

impl Cues {
    #[inline]
    pub fn add(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u32;
    }

    #[inline]
    pub fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    #[inline]
    pub fn has(self, cue: Cue) -> bool {
        self.0 & 1 << cue as u32 != 0
    }
}
