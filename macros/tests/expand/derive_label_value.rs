#[automatically_derived]
#[diagnostic::do_not_recommend]
impl ::yardstick::LabelValue for Method {
    const VALUES: &'static [&'static str] = &["get", "write"];
    const VALUES_OR_NONE: &'static [&'static str] = &["get", "write", "_none"];
    #[inline]
    fn index(&self) -> usize {
        match self {
            Self::Get { .. } => 0usize,
            Self::Post { .. } => 1usize,
        }
    }
}
