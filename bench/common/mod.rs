//! What every measurement needs: databases to measure on, and programs run as processes of their own. Leaves what is
//! measured to the folders beside it.

pub mod child;
pub mod load;
pub mod pgbench;
pub mod place;
pub mod world;

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}
