//! How much of what each field says is to count beside the others: logistic regression over the fields.
//!
//! Naive Bayes takes fields for independent. Two that say the same (town and region) would count twice; here each
//! field's sum is one variable, so they share. A ridge around 1, what naive Bayes would take, holds the shares where a
//! sample says little. Newton's steps (iteratively reweighted least squares): a few dozen variables, some thousand rows.

use crate::patience::Patience;

/// How strongly shares are held near 1, in rows of the sample.
const RIDGE: f64 = 10.0;

/// Newton's steps until the shares stand still; they need about six.
const STEPS_MAX: usize = 30;

/// How little a share may move at last.
const STILL: f64 = 1e-7;

/// The greatest share: a field may count more than alone, where others speak against it.
const SHARE_MAX: f64 = 1.5;

/// The share below which a field is left out.
const SHARE_MIN: f64 = 0.05;

/// The share of each field; 0 for one that is left out. The first `positive` rows are of the source.
pub(super) fn shares(fields: &[&[f64]], positive: usize) -> Vec<f64> {
    let mut kept: Vec<usize> = (0..fields.len()).collect();
    loop {
        let columns: Vec<&[f64]> = kept.iter().map(|field| fields[*field]).collect();
        let found = fitted(&columns, positive);
        let least = found.iter().enumerate().min_by(|left, right| left.1.total_cmp(right.1));
        match least {
            Some((at, share)) if *share < SHARE_MIN => {
                kept.remove(at);
            }
            _ => {
                let mut shares = vec![0.0; fields.len()];
                kept.iter().zip(found).for_each(|(field, share)| shares[*field] = share.min(SHARE_MAX));
                return shares;
            }
        }
    }
}

/// The shares that fit best; where no step can be made, those of naive Bayes.
fn fitted(columns: &[&[f64]], positive: usize) -> Vec<f64> {
    let (width, rows) = (columns.len() + 1, columns.first().map_or(0, |column| column.len()));
    let mut shares = vec![1.0; width];
    shares[width - 1] = 0.0;
    let value = |at: usize, row: usize| columns.get(at).map_or(1.0, |column| column[row]);
    let patience = Patience::current();
    for _ in 0..STEPS_MAX {
        patience.check();
        let (mut gradient, mut matrix) = (vec![0.0; width], vec![0.0; width * width]);
        for at in 0..columns.len() {
            gradient[at] = RIDGE * (1.0 - shares[at]);
            matrix[at * width + at] = RIDGE;
        }
        let mut values = vec![0.0; width];
        for row in 0..rows {
            (0..width).for_each(|at| values[at] = value(at, row));
            let sum: f64 = values.iter().zip(&shares).map(|(value, share)| value * share).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(row < positive)) - chance;
            let curvature = (chance * (1.0 - chance)).max(1e-9);
            for left in 0..width {
                gradient[left] += error * values[left];
                let scaled = curvature * values[left];
                (0..=left).for_each(|right| matrix[left * width + right] += scaled * values[right]);
            }
        }
        let Some(step) = solved(matrix, gradient, width) else { return vec![1.0; columns.len()] };
        let moved = step.iter().fold(0.0, |most: f64, step| most.max(step.abs()));
        // Far steps overshoot where everybody is told apart already.
        let scale = if moved > 1.0 { 1.0 / moved } else { 1.0 };
        shares.iter_mut().zip(&step).for_each(|(share, step)| *share += scale * step);
        if moved < STILL {
            break;
        }
    }
    shares.truncate(columns.len());
    shares
}

/// Solves a symmetric positive system of which the lower half is given (Cholesky's decomposition).
fn solved(mut matrix: Vec<f64>, mut right: Vec<f64>, width: usize) -> Option<Vec<f64>> {
    for row in 0..width {
        for column in 0..=row {
            let above: f64 = (0..column).map(|at| matrix[row * width + at] * matrix[column * width + at]).sum();
            let left = matrix[row * width + column] - above;
            if row > column {
                matrix[row * width + column] = left / matrix[column * width + column];
            } else if left > 0.0 {
                matrix[row * width + row] = left.sqrt();
            } else {
                return None;
            }
        }
    }
    for row in 0..width {
        let before: f64 = (0..row).map(|at| matrix[row * width + at] * right[at]).sum();
        right[row] = (right[row] - before) / matrix[row * width + row];
    }
    for row in (0..width).rev() {
        let after: f64 = (row + 1..width).map(|at| matrix[at * width + row] * right[at]).sum();
        right[row] = (right[row] - after) / matrix[row * width + row];
    }
    right.iter().all(|value| value.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two fields; the first half is of the source.
    fn halves(rows: usize, field: impl Fn(usize, bool) -> f64) -> Vec<f64> {
        (0..rows).map(|row| field(row, row < rows / 2)).collect()
    }

    #[test]
    fn fields_that_say_the_same_share_what_one_would_say() {
        // A value that three in four of the source and one in four of the others have: odds of 3, each way.
        let says =
            |row: usize, is_source: bool| if row.is_multiple_of(4) != is_source { 3f64.ln() } else { -(3f64.ln()) };
        let field = halves(8_000, says);
        let alone = shares(&[&field], 4_000);
        assert!((alone[0] - 1.0).abs() < 0.01, "{alone:?}");
        let twice = shares(&[&field, &field], 4_000);
        assert!((twice[0] - 0.5).abs() < 0.02 && (twice[1] - 0.5).abs() < 0.02, "{twice:?}");
    }

    #[test]
    fn a_field_that_another_speaks_for_is_left_out() {
        let found = |rows: usize| {
            let strong = halves(rows, |row, is_source| if row.is_multiple_of(10) != is_source { 2.2 } else { -2.2 });
            let noise = halves(rows, |row, _| if (row / 7).is_multiple_of(2) { 0.5 } else { -0.5 });
            shares(&[&strong, &noise], rows / 2)
        };
        // The ridge weighs as much as ten rows, these 4,000 as about ninety: a tenth of what naive Bayes would say is left.
        let few = found(4_000);
        assert!(few[0] > 0.9 && (few[1] - 0.1).abs() < 0.02, "{few:?}");
        let many = found(40_000);
        assert!(many[0] > 0.9 && many[1] == 0.0, "{many:?}");
    }
}
