#[automatically_derived]
#[diagnostic::do_not_recommend]
impl<E> ::yardstick::ErrorType for Refused<E>
where
    E: ::yardstick::ErrorType,
{
    fn error_type(&self) -> &'static str {
        match self {
            Self::Full { .. } => "full",
            Self::Other { 0: inner, .. } => ::yardstick::ErrorType::error_type(inner),
        }
    }
}
