//! The cases.

use yardstick::{RegisterError, Registry, Unit};

use super::Suite;

pub(crate) fn metric_names(suite: &mut Suite, registry: &Registry) {
    let long = |length| "n".repeat(length);
    let mut names: Vec<String> = [
        "",
        " ",
        "_",
        "__",
        "___a",
        "_a",
        "a",
        "Z9",
        "9a",
        "a b",
        "a-b",
        "a.b",
        "a:b",
        ":a",
        "a/b",
        "a\\b",
        "a\"b",
        "a\nb",
        "a\0b",
        "a{b",
        "a}b",
        "a=b",
        "a,b",
        "a#b",
        "# a",
        "ä",
        "日本",
        "a\u{200b}",
        "NaN",
        "Inf",
        "a_total",
        "a_bucket",
        "a_sum",
        "a_count",
        "a_created",
        "a_info",
        "le",
        "quantile",
        "HELP",
        "TYPE",
        "EOF",
        "e_ms",
        "e_seconds",
        "a__b",
        "a_",
        "_1",
        "a\r",
        "a\t",
        "\u{feff}a",
        "a\u{7f}",
    ]
    .map(str::to_owned)
    .into();
    names.extend([long(255), long(256), long(257), long(100_000)]);
    for (index, name) in names.iter().enumerate() {
        let value = index as f64;
        match registry.gauge(name).help("A name.").register() {
            Ok(gauge) => {
                suite.cases += 1;
                gauge.set(value);
                suite.expect(name, &[], value);
                suite.helps.insert(name.clone(), "A name.".to_owned());
            }
            Err(error) => suite.refuse(&error),
        }
    }
}

pub(crate) fn label_names(suite: &mut Suite, registry: &Registry) {
    let names = [
        "",
        " ",
        "a",
        "_a",
        "__a",
        "__name__",
        "le",
        "quantile",
        "a-b",
        "a.b",
        "a:b",
        "9",
        "_9",
        "a b",
        "ä",
        "a\"",
        "a=",
        "a,",
        "a}",
        "a\n",
        "a\\",
        "job",
        "instance",
        "env",
        "Z",
        "a\0",
        "hostile",
        "exported_a",
    ];
    for (index, name) in names.iter().enumerate() {
        let metric = format!("hostile_label_{index}");
        match registry.gauge(&metric).help("A label.").labels([*name]).register() {
            Ok(family) => {
                suite.cases += 1;
                family.get_or_create(["v"]).expect("room for it").set(1.0);
                // The server keeps these two for itself, and shows what a target says beside it.
                let shown = match *name {
                    "job" | "instance" => format!("exported_{name}"),
                    other => other.to_owned(),
                };
                suite.expect(&metric, &[(&shown, "v")], 1.0);
            }
            Err(error) => suite.refuse(&error),
        }
    }
}

pub(crate) fn label_values(suite: &mut Suite, registry: &Registry) {
    let mut values: Vec<String> = [
        "",
        " ",
        "a b",
        "\t",
        "\r",
        "\r\n",
        "\0",
        "\u{1}",
        "\u{7f}",
        "ä",
        "日本語",
        "🦀",
        "\u{202e}rtl",
        "\u{feff}bom",
        "\u{2028}",
        "\u{10ffff}",
        "\u{fffd}",
        "}",
        "{",
        "\",evil=\"1",
        "\"} 1\nevil 2",
        "# HELP evil x",
        "\\n",
        "\\\\n",
        "a\\",
        "\\\"",
        "'",
        "`",
        "<script>alert(1)</script>",
        "%s%n",
        "${jndi:ldap://x}",
        "../../etc/passwd",
        "NaN",
        "+Inf",
        "_other",
        "_none",
        "ab",
        "77kepQFQ8Kl",
        "!0IC=VloaY",
        "=",
        ",",
        ";",
        "a=\"b\"",
    ]
    .map(str::to_owned)
    .into();
    // Everything of three letters that escaping is about.
    for first in ["\\", "\"", "\n", "n"] {
        for second in ["\\", "\"", "\n", "n"] {
            values.extend(["\\", "\"", "\n", "n"].map(|third| format!("{first}{second}{third}")));
        }
    }
    values.extend((1..=31_u8).map(|control| format!("<{}>", char::from(control))));
    // As long as a value can be without being cut.
    values.push("x".repeat(1_024));
    let family = registry.gauge("hostile_values").help("Values.").labels(["case", "value"]);
    let family = family.register().expect("a valid family");
    for (index, value) in values.iter().enumerate() {
        suite.cases += 1;
        let (case, number) = (index.to_string(), index as f64);
        family.get_or_create([&case, value]).expect("room for it").set(number);
        suite.expect("hostile_values", &[("case", &case), ("value", value)], number);
    }
}

pub(crate) fn help_texts(suite: &mut Suite, registry: &Registry) {
    let texts = [
        "a",
        " ",
        " leading",
        "trailing ",
        "two\nlines",
        "\n",
        "\\",
        "\\n",
        "\\\\n",
        "a\\",
        "\"quoted\"",
        "# TYPE x counter",
        "x\ninjected_metric 42",
        "\t",
        "\r",
        "ä",
        "日本語",
        "🦀",
        "\u{202e}",
        "a\0b",
        "{a=\"b\"}",
        "# EOF",
        "a\n\nb",
        "ends with newline\n",
        "",
    ];
    for (index, text) in texts.iter().enumerate() {
        let name = format!("hostile_help_{index}");
        let gauge = match registry.gauge(&name).help(text).register() {
            Ok(gauge) => gauge,
            Err(error) => {
                suite.refuse(&error);
                continue;
            }
        };
        suite.cases += 1;
        gauge.set(1.0);
        suite.expect(&name, &[], 1.0);
        suite.helps.insert(name, (*text).to_owned());
    }
}

pub(crate) fn numbers(suite: &mut Suite, registry: &Registry) {
    let gauges = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        -0.1,
        1e-7,
        1e21,
        1e22,
        1e23,
        1e100,
        1e300,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        2.225_073_858_507_201e-308,
        f64::EPSILON,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        9_007_199_254_740_991.0,
        9_007_199_254_740_992.0,
        9_007_199_254_740_993.0,
        18_446_744_073_709_551_615.0,
        123_456_789.125,
        0.3,
        2.0 / 3.0,
        1.0e15,
        1.0e16,
        123_456.7,
        1e-5,
        1e-4,
        100_000.0,
        1e6,
        1e10,
        4.35,
        0.000_001,
    ];
    let family = registry.gauge("hostile_numbers").help("Numbers.").labels(["case"]);
    let family = family.register().expect("a valid family");
    for (index, value) in gauges.into_iter().enumerate() {
        suite.cases += 1;
        let case = index.to_string();
        family.get_or_create([&case]).expect("room for it").set(value);
        suite.expect("hostile_numbers", &[("case", &case)], value);
    }
    let counters = [0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX - 1, u64::MAX];
    let family = registry.counter("hostile_counts").help("Counts.").labels(["case"]);
    let family = family.register().expect("a valid family");
    for (index, value) in counters.into_iter().enumerate() {
        suite.cases += 1;
        let case = index.to_string();
        family.get_or_create([&case]).expect("room for it").inc_by(value);
        let line = format!("hostile_counts_total{{case=\"{case}\"}} {value}\n");
        if !registry.render().contains(&line) {
            suite.wrong.push(format!("{value} is not exact in the text"));
        }
        suite.expect("hostile_counts_total", &[("case", &case)], value as f64);
    }
    // What cannot be added changes nothing.
    let counter = registry.counter("hostile_additions").help("Additions.").register();
    let counter = counter.expect("a valid family");
    for amount in [-1.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5e-324, f64::MIN] {
        suite.cases += 1;
        counter.inc_by_f64(amount);
    }
    suite.expect("hostile_additions_total", &[], 0.0);
}

pub(crate) fn buckets(suite: &mut Suite, registry: &Registry) {
    let many: Vec<f64> = (0..300).map(f64::from).collect();
    let lists: Vec<Vec<f64>> = vec![
        vec![],
        vec![0.0],
        vec![-0.0, 1.0],
        vec![0.0, -0.0],
        vec![-1.0, 0.0, 1.0],
        vec![1.0, 1.0],
        vec![2.0, 1.0],
        vec![f64::NAN],
        vec![1.0, f64::NAN],
        vec![f64::INFINITY],
        vec![1.0, f64::INFINITY],
        vec![f64::NEG_INFINITY, 1.0],
        vec![5e-324, 1e-300, 1e300],
        vec![f64::MIN, 0.0, f64::MAX],
        vec![1e-5, 1e-4],
        vec![1e5, 1e6, 1e10],
        vec![0.1, 0.2, 0.300_000_000_000_000_04],
        vec![1.0, 1.000_000_000_000_000_2],
        vec![9_007_199_254_740_991.0, 9_007_199_254_740_992.0],
        many[..64].to_vec(),
        many[..200].to_vec(),
        many,
        vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
        vec![1e-9, 1e-6, 1e-3],
        vec![1.0, 2.0, 3.0, 2.5],
        vec![-5.0, -2.5],
    ];
    for (index, bounds) in lists.iter().enumerate() {
        for unit in [None, Some(Unit::Seconds)] {
            let name = format!("hostile_buckets_{index}{}", unit.map_or("", |_| "_timed"));
            let builder = registry.histogram(&name).help("Buckets.").buckets(bounds);
            let builder = match unit {
                Some(unit) => builder.unit(unit),
                None => builder,
            };
            let histogram = match builder.register() {
                Ok(histogram) => histogram,
                Err(error) => {
                    suite.refuse(&error);
                    continue;
                }
            };
            suite.cases += 1;
            let name = format!("{name}{}", unit.map_or("", |_| "_seconds"));
            let values = [-1.0, 0.0, 1.0, 2.0, f64::NAN, f64::INFINITY];
            values.iter().for_each(|value| histogram.observe(*value));
            let counts = |value: &&f64| value.is_finite() && (unit.is_none() || **value >= 0.0);
            let counted: Vec<f64> = values.iter().filter(counts).copied().collect();
            for bound in bounds {
                let below = counted.iter().filter(|value| **value <= *bound).count();
                let mut le = bound.to_string();
                if let Some(line) = registry.render().lines().find(|line| {
                    let found = line.strip_prefix(&format!("{name}_bucket{{le=\""));
                    found.and_then(|rest| rest.split('"').next()?.parse::<f64>().ok())
                        == Some(*bound)
                }) {
                    le = line.split('"').nth(1).unwrap_or_default().to_owned();
                } else {
                    suite.wrong.push(format!("{name} has no bucket {bound}"));
                }
                suite.expect(&format!("{name}_bucket"), &[("le", &le)], below as f64);
            }
            suite.expect(&format!("{name}_count"), &[], counted.len() as f64);
            suite.expect(&format!("{name}_bucket"), &[("le", "+Inf")], counted.len() as f64);
        }
    }
}

/// Registers a family by a name.
type Register = fn(&Registry, &str) -> Result<(), RegisterError>;

/// Two registrations after each other, that agree or do not.
pub(crate) fn orders(suite: &mut Suite, registry: &Registry) {
    let stems: [(&str, Register); 6] = [
        ("counter", |r, n| r.counter(n).help("H.").register().map(drop)),
        ("gauge", |r, n| r.gauge(n).help("H.").register().map(drop)),
        ("histogram", |r, n| r.histogram(n).help("H.").register().map(drop)),
        ("summary", |r, n| r.summary(n).help("H.").register().map(drop)),
        ("labels", |r, n| r.counter(n).help("H.").labels(["a"]).register().map(drop)),
        ("help", |r, n| r.counter(n).help("Other.").register().map(drop)),
    ];
    for (first, register_first) in stems {
        for (second, register_second) in stems {
            let name = format!("hostile_order_{first}_{second}_x");
            suite.cases += 1;
            if let Err(error) = register_first(registry, &name) {
                suite.wrong.push(format!("{name}: {error}"));
            }
            match register_second(registry, &name) {
                Ok(()) if first == second => {}
                Ok(()) => suite.wrong.push(format!("{name}: two that differ were both accepted")),
                Err(error) if first == second => suite.wrong.push(format!("{name}: {error}")),
                Err(error) => suite.refuse(&error),
            }
        }
    }
}
