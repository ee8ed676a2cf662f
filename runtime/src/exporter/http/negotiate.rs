//! Content negotiation: the format and the encoding that a scraper accepts (RFC 9110, section 12).

/// A format of the exposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// The Prometheus text format 0.0.4.
    Text,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// Messages of protobuf, each after its length.
    Protobuf,
}

impl Format {
    /// The format that an `Accept` header weighs most; of two that weigh the same, `OpenMetrics`, which says more. A
    /// client that asks for nothing we have gets the text format: a refusal would help no client.
    pub(super) fn of(accept: &str) -> Self {
        let mut best = (0, Self::Text);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
            let parameter = |name: &str| {
                let found =
                    parameters.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().trim_matches('"'))
            };
            let is_delimited = parameter("proto") == Some("io.prometheus.client.MetricFamily")
                && parameter("encoding") == Some("delimited");
            let format = match (media_type.as_str(), parameter("version")) {
                ("application/vnd.google.protobuf", _) if is_delimited => Self::Protobuf,
                ("application/openmetrics-text", None | Some("1.0.0")) => Self::OpenMetrics,
                ("text/plain", None | Some("0.0.4")) | ("text/*" | "*/*", _) => Self::Text,
                _ => continue,
            };
            let weight = parameter("q").map_or(Some(1_000), thousandths).unwrap_or(0);
            let is_better = weight > best.0 || (weight == best.0 && format == Self::OpenMetrics);
            if weight > 0 && is_better {
                best = (weight, format);
            }
        }
        best.1
    }
}

/// Whether an `Accept` header weighs Markdown more than JSON.
pub(super) fn prefers_markdown(accept: &str) -> bool {
    let weight_of = |wanted: &str| {
        accept.split(',').find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_it = parts.next().is_some_and(|range| range.eq_ignore_ascii_case(wanted));
            let weight = parts.find_map(|parameter| parameter.strip_prefix("q="));
            is_it.then(|| weight.map_or(Some(1_000), thousandths).unwrap_or(0))
        })
    };
    weight_of("text/markdown").unwrap_or(0) > weight_of("application/json").unwrap_or(0)
}

/// Whether an `Accept-Encoding` header allows gzip.
pub(super) fn accepts_gzip(accept_encoding: &str) -> bool {
    let weight_of = |wanted: &str| {
        accept_encoding.split(',').find_map(|coding| {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Some(1_000), thousandths);
            name.trim().eq_ignore_ascii_case(wanted).then(|| weight.unwrap_or(0))
        })
    };
    // What is named counts more than what is meant by `*`.
    weight_of("gzip").or_else(|| weight_of("*")).is_some_and(|weight| weight > 0)
}

/// A weight from 0 to 1, with up to three decimals.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, decimals) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let is_short = decimals.len() <= 3 && decimals.bytes().all(|digit| digit.is_ascii_digit());
    let decimals = format!("{decimals:0<3}").parse::<u32>().ok().filter(|_| is_short)?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, accepts_gzip, prefers_markdown};

    #[test]
    fn real_servers_get_what_they_weigh_most() {
        // As captured from Prometheus 2.42, with native histograms, 3.5.3, and VictoriaMetrics 1.145.
        let headers = [
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::Protobuf,
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
                Format::Protobuf,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                Format::OpenMetrics,
            ),
            ("text/plain;version=0.0.4;q=1,*/*;q=0.1", Format::Text),
        ];
        for (accept, format) in headers {
            assert_eq!(Format::of(accept), format, "{accept}");
        }
    }

    #[test]
    fn others_get_what_they_ask_for_or_text() {
        for accept in [
            "",
            "*/*",
            "text/html",
            "garbage;;=,,q",
            "application/openmetrics-text;q=0",
            "text/plain;q=0.9,application/openmetrics-text;q=0.8",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;q=2",
            "application/openmetrics-text;q=0.0000",
            "application/vnd.google.protobuf",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
            "application/vnd.google.protobuf;proto=other.MetricFamily;encoding=delimited",
        ] {
            assert_eq!(Format::of(accept), Format::Text, "{accept}");
        }
        for accept in [
            "application/openmetrics-text",
            "Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.5",
            "text/plain,application/openmetrics-text",
            "text/plain;q=0.1, application/openmetrics-text ; q=0.101",
        ] {
            assert_eq!(Format::of(accept), Format::OpenMetrics, "{accept}");
        }
    }

    #[test]
    fn markdown_is_for_those_who_prefer_it() {
        assert!(prefers_markdown("text/markdown, */*;q=0.1"));
        assert!(prefers_markdown("application/json;q=0.5, text/markdown;q=0.6"));
        for json in
            ["", "*/*", "application/json", "text/markdown;q=0", "text/markdown, application/json"]
        {
            assert!(!prefers_markdown(json), "{json}");
        }
    }

    #[test]
    fn gzip_is_for_those_who_allow_it() {
        for allowed in
            ["gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br;q=1.0, *;q=0.1", "gzip;q=1.000"]
        {
            assert!(accepts_gzip(allowed), "{allowed}");
        }
        for refused in
            ["", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "deflate", "gzip;q=x"]
        {
            assert!(!accepts_gzip(refused), "{refused}");
        }
    }
}
