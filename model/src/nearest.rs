//! The word that was probably meant.

/// The word that is at most two letters away from what was written, if there is one; of several, the first of the
/// nearest.
///
/// # Examples
///
/// ```
/// use yardstick_model::nearest;
///
/// assert_eq!(nearest("lables", ["help", "labels"]), Some("labels"));
/// assert_eq!(nearest("colour", ["help", "labels"]), None);
/// ```
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let distances = words.into_iter().map(|word| (distance(word, written), word));
    let (distance, word) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 2).then_some(word)
}

/// The number of letters to insert, remove or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
