//! The page at `/`: what is exposed, for browsers. It has no script, and needs none.

use std::fmt::Write as _;

use crate::data::MetricFamily;

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Metrics</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3em .8em .3em 0; border-bottom: 1px solid #8884; vertical-align: top }
td:nth-child(3) { text-align: right }
code { overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>Metrics</h1>
<p>Scraped at <a href=\"/metrics\">/metrics</a>, in the Prometheus text format, OpenMetrics or protobuf.
Catalog: <a href=\"/-/catalog\">/-/catalog</a>. Health: <a href=\"/-/healthy\">/-/healthy</a>, <a href=\"/-/ready\">/-/ready</a>.</p>
";

const TABLE: &str = "<table>
<thead><tr><th>Name</th><th>Kind</th><th>Series</th><th>Meaning</th></tr></thead>
<tbody>
";

/// A page of these families, below what a reader must know of them.
pub(super) fn render(notices: &[String], families: &[MetricFamily]) -> String {
    let mut page = String::from(HEAD);
    for notice in notices {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "<p role=\"alert\"><strong>{}</strong></p>", escaped(notice));
    }
    page.push_str(TABLE);
    for family in families {
        let _ = writeln!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            // Long names break at their words.
            escaped(&family.name).replace('_', "_<wbr>"),
            family.kind,
            family.series.len(),
            escaped(&family.help),
        );
    }
    page.push_str("</tbody>\n</table>\n</body>\n</html>\n");
    page
}

/// Text that means itself wherever it stands in HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::data::MetricFamily;

    #[test]
    fn everything_that_is_not_ours_is_escaped() {
        let evil = "<script>alert('x')</script>\"&";
        let page = render(&[evil.to_owned()], &[MetricFamily::gauge(evil, evil)]);
        assert!(!page.contains("<script"), "{page}");
        let expected = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;";
        assert_eq!(page.matches(expected).count(), 3);
    }
}
