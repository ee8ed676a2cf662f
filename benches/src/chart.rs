//! Figures as pictures.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use crate::growth::Figure;

const SIZE: (u32, u32) = (900, 560);

/// What is told apart without red beside green; this library is the first, and drawn thicker.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(120, 94, 240),
    RGBColor(100, 100, 100),
    RGBColor(180, 150, 60),
];

/// Writes one file into the folder, both axes logarithmic.
pub fn write(figure: &Figure, folder: &Path) -> Result<(), Box<dyn Error>> {
    let path = folder.join(figure.name).with_extension("svg");
    let points = || figure.lines.iter().flat_map(|line| &line.points);
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for (_, cost) in points() {
        (low, high) = (low.min(*cost), high.max(*cost));
    }
    let last = points().map(|(quantity, _)| *quantity).max().unwrap_or(1);
    let first = points().map(|(quantity, _)| *quantity).min().unwrap_or(1);
    let root = SVGBackend::new(&path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(figure.title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(
            (first as f64..last as f64).log_scale(),
            (low / 1.5..high * 1.5).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_desc(figure.quantity)
        .y_desc(figure.unit)
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (index, line) in figure.lines.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let style = colour.stroke_width(if index == 0 { 4 } else { 2 });
        let points = line.points.iter().map(|(quantity, cost)| (*quantity as f64, *cost));
        chart
            .draw_series(LineSeries::new(points, style))?
            .label(&line.subject)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(TRANSPARENT)
        .draw()?;
    root.present()?;
    Ok(())
}
