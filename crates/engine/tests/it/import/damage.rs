//! Damaged files of our own making: the row that is damaged suffers, and no other.

use std::io::Write as _;

use engine::import::{self, Options, Report, RowVerdict};
use flate2::Compression;
use flate2::write::GzEncoder;
use sqlx::PgPool;

use super::support::{import as import_bytes, one, run, stream};

const HEADER: &str = "First Name,Last Name,Title,Company,Email,Website\n";
const ADA: &str = "Ada,Quill,CTO,Quill Works,ada@quillworks.test,quillworks.test\n";
const BEN: &str = "Ben,Marsh,VP Sales,Marsh Labs,ben@marshlabs.test,marshlabs.test\n";

async fn import(pool: &PgPool, bytes: impl Into<Vec<u8>>) -> (Report, Vec<RowVerdict>) {
    let report = import_bytes(pool, bytes).await.report;
    assert!(report.adds_up());
    let verdicts = import::rows(pool, report.id, None, 0, 100_000).await.unwrap();
    (report, verdicts)
}

async fn leads(pool: &PgPool) -> String {
    one(pool, "select coalesce(string_agg(email, ' ' order by email), '') from leads").await
}

fn notes(verdicts: &[RowVerdict], line: i64) -> Vec<String> {
    verdicts.iter().find(|verdict| verdict.line == line).unwrap().notes.clone().unwrap_or_default()
}

#[tokio::test]
async fn a_stray_quote_that_another_one_closes_takes_no_row_with_it() {
    let database = testkit::database().await;
    let list = format!(
        "{HEADER}Dee,Vane,\"Lost,Vane Co,dee@vane.test,vane.test\n{ADA}Cy,Orr,\"COO\",Orr,cy@orr.test,orr.test\n{BEN}"
    );
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.rejected), (4, 0));
    assert_eq!(notes(&verdicts, 2), ["unterminated_quote_resynced"]);
    assert_eq!(
        leads(database.pool()).await,
        "ada@quillworks.test ben@marshlabs.test cy@orr.test dee@vane.test"
    );
}

#[tokio::test]
async fn a_packed_list_that_was_cut_off_says_so() {
    let database = testkit::database().await;
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(
            (0..500)
                .fold(HEADER.to_owned(), |list, n| list + &format!("A{n},B,,C,a{n}@x.test,\n"))
                .as_bytes(),
        )
        .unwrap();
    let mut packed = packed.finish().unwrap();
    packed.truncate(packed.len() / 2);
    let error = run(database.pool(), stream(packed), &Options::default()).await.unwrap_err();
    assert!(error.to_string().contains("the gzip data is damaged"), "{error}");
    assert!(error.hint().unwrap_or_default().contains("get it once more"), "{error:?}");
    assert_eq!(leads(database.pool()).await, "");
}

#[tokio::test]
async fn quotes_may_stand_after_a_blank() {
    for header in ["\"First Name\", \"Email\", \"Notes\"", "First Name, Email, Notes"] {
        let database = testkit::database().await;
        let list = format!(
            "{header}\n\"Ada\", \"ada@quillworks.test\", \"one, two\" \n\"Ben\" , \"ben@marshlabs.test\",  \"he said \"\"no, thanks\"\"\"\n\
             Cy, cy@orr.test, plain \"word\"\n"
        );
        let (report, _) = import(database.pool(), list).await;
        assert_eq!((report.new_rows, report.rejected), (3, 0), "{header}");
        assert!(report.file_notes.contains(&"space_before_quotes".to_owned()));
        let cells = "select string_agg(coalesce(row ->> 'Notes', row ->> ' Notes'), '; ') from csv_imports_raw, jsonb_array_elements(raw_data) row";
        assert_eq!(
            one::<String>(database.pool(), cells).await,
            "one, two; he said \"no, thanks\";  plain \"word\""
        );
    }
}

#[tokio::test]
async fn apostrophes_may_stand_after_a_blank_too() {
    let database = testkit::database().await;
    let list = "'First Name', 'Last Name', 'Email'\n'Ada', 'O''Brien, Jr.', 'ada@quillworks.test'\n";
    let (report, _) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.rejected), (1, 0));
    assert_eq!(report.file_notes, ["quote_char_single", "space_before_quotes"]);
    let cell = "select raw_data -> 0 ->> 'Last Name' from csv_imports_raw";
    assert_eq!(one::<String>(database.pool(), cell).await, "O'Brien, Jr.");
}

#[tokio::test]
async fn a_quote_after_a_blank_inside_a_cell_is_text() {
    let database = testkit::database().await;
    let list = format!("{HEADER}Dee,Vane, \"the\" boss,Vane Co,dee@vane.test,vane.test\n{ADA}{BEN}");
    let (report, _) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.repaired), (3, 0));
    assert_eq!(report.file_notes, Vec::<String>::new());
    let title = "select job_title from leads where email = 'dee@vane.test'";
    assert_eq!(one::<String>(database.pool(), title).await, "\"the\" boss");
}

#[tokio::test]
async fn a_quote_on_every_line_costs_every_line_alone() {
    let database = testkit::database().await;
    let list = (0..3000)
        .fold(HEADER.to_owned(), |list, n| list + &format!("A{n},B,\"Lost{n},Co,a{n}@x.test,x.test\n"));
    let (report, _) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.repaired), (3000, 3000));
}

#[tokio::test]
async fn an_unterminated_quote_with_the_wrong_width_is_refused_alone() {
    let database = testkit::database().await;
    let list = format!("{HEADER}{ADA}Dee,Vane,\"Lost, and found,Vane Co,dee@vane.test,vane.test\n{BEN}");
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.rejected), (2, 1));
    assert_eq!(verdicts[1].reason.as_deref(), Some("unterminated_quote"));
}

#[tokio::test]
async fn a_long_quoted_cell_is_no_damage() {
    let database = testkit::database().await;
    let prose = "a line, with \"\"words\"\"\n".repeat(2000);
    let list = format!("{HEADER}Ada,Quill,\"{prose}\",Q,ada@quillworks.test,quillworks.test\n{BEN}");
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.repaired), (2, 0));
    assert_eq!(verdicts[1].line, 2 + 2001);
}

#[tokio::test]
async fn a_line_of_windows_1252_inside_utf8_is_read_as_that() {
    let database = testkit::database().await;
    let mut list = format!("{HEADER}Zoë,Müller,CEO,Mü,zoe@mueller.test,mueller.test\n").into_bytes();
    list.extend_from_slice(b"Jos\xE9,N\xFA\xF1ez,CEO,N,jose@nunez.test,nunez.test\n");
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.repaired, report.encoding.as_deref()), (2, 1, Some("utf-8")));
    assert_eq!(notes(&verdicts, 3), ["line_windows_1252"]);
    assert_eq!(
        one::<String>(database.pool(), "select last_name from leads where email like 'jose%'").await,
        "Núñez"
    );
}

#[tokio::test]
async fn mixed_line_ends_and_blank_lines_keep_their_numbers() {
    let database = testkit::database().await;
    let list = format!("{}\r\n{}\r\n\r\n,,,,,\r{}\n", HEADER.trim_end(), ADA.trim_end(), BEN.trim_end());
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.rows, report.blank_rows), (2, 2));
    assert_eq!(verdicts.iter().map(|verdict| verdict.line).collect::<Vec<_>>(), [2, 5]);
}

#[tokio::test]
async fn cells_and_records_beyond_the_limits_are_refused_and_the_file_goes_on() {
    let database = testkit::database().await;
    let cell = "x".repeat(1024 * 1024 + 1);
    let line = "y".repeat(5 * 1024 * 1024);
    let list = format!(
        "{HEADER}Cy,Orr,{cell},Orr,cy@orr.test,orr.test\nDee,Vane,{line},V,dee@vane.test,vane.test\n{ADA}"
    );
    let (report, verdicts) = import(database.pool(), list).await;
    let reasons: Vec<_> = verdicts.iter().map(|verdict| (verdict.line, verdict.reason.as_deref())).collect();
    assert_eq!(reasons, [(2, Some("cell_too_large")), (3, Some("record_too_large")), (4, None)]);
    assert_eq!((report.new_rows, report.rejected), (1, 2));
}

#[tokio::test]
async fn a_header_that_comes_again_is_no_person() {
    let database = testkit::database().await;
    let (_, verdicts) = import(database.pool(), format!("{HEADER}{ADA}{HEADER}{BEN}")).await;
    assert_eq!(verdicts[1].reason.as_deref(), Some("repeated_header"));
}

#[tokio::test]
async fn sizes_that_a_spreadsheet_took_for_dates_are_ranges_again() {
    let database = testkit::database().await;
    let list = "Email,Company,Website,# Employees\na@a.test,A,a.test,Nov-50\nb@b.test,B,b.test,10-Jan\nc@c.test,C,c.test,\"1,234\"\nd@d.test,D,d.test,51-200\n";
    import(database.pool(), list).await;
    let sizes = "select string_agg(company_size, ' ' order by company_domain) from companies";
    assert_eq!(one::<String>(database.pool(), sizes).await, "11-50 1-10 1234 51-200");
}

#[tokio::test]
async fn a_phone_or_a_profile_alone_makes_a_lead_that_is_known_again() {
    let database = testkit::database().await;
    let list = "First Name,Last Name,Email,Mobile Phone,LinkedIn URL\nAda,Quill,,'+1 555 010 0101,\nBen,Marsh,email_not_unlocked@domain.com,,linkedin.com/in/ben\nCy,Orr,,1.55E+10,\n";
    let (report, verdicts) = import(database.pool(), list).await;
    assert_eq!((report.new_rows, report.rejected), (2, 1));
    assert_eq!(notes(&verdicts, 3), ["email_dropped"]);
    let (report, _) = import(database.pool(), format!("{list}\n")).await;
    assert_eq!((report.unchanged, report.rejected), (2, 1));
}

#[tokio::test]
async fn refused_rows_come_back_safe_to_open() {
    let database = testkit::database().await;
    let list =
        "First Name,Email,Phone\n=1+1,nobody,\n-2+3+cmd,also nobody,\nAda,ada@x.test,+1 555 010 0101\n";
    let report = import_bytes(database.pool(), list).await.report;
    let mut out = Vec::new();
    assert_eq!(import::rejects(database.pool(), report.id, &mut out).await.unwrap(), 2);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "First Name,Email,Phone,_row,_outcome,_reason,_notes\r\n\"'=1+1\",nobody,,2,rejected,invalid_email,\r\n\"'-2+3+cmd\",also nobody,,3,rejected,invalid_email,\r\n"
    );
}

#[tokio::test]
async fn a_row_the_database_refuses_is_a_refused_row_and_no_failed_file() {
    let database = testkit::database().await;
    let pool = database.pool();
    sqlx::query("alter table leads add constraint no_bens check (first_name <> 'Ben')")
        .execute(pool)
        .await
        .unwrap();
    let (report, verdicts) =
        import(pool, format!("{HEADER}{ADA}{BEN}Cy,Orr,COO,Orr,cy@orr.test,orr.test\n")).await;
    assert_eq!((report.new_rows, report.rejected, report.companies_new), (2, 1, 2));
    assert_eq!(verdicts[1].reason.as_deref(), Some("refused_by_database"));
}
