"use strict";

const TITLE_HEIGHT = 36; // pixels, as in the report

// Figures: drawn from the JSON that the service gives.
async function draw(place) {
  try {
    const answer = await fetch(place.dataset.figure);
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const { data, layout } = await answer.json();
    // The page's heading says what the title would, and menus need its room.
    delete layout.title;
    layout.margin.t -= TITLE_HEIGHT;
    layout.height -= TITLE_HEIGHT;
    const roster = place.dataset.figure.endsWith("/roster_gantt");
    if (roster) layout.showlegend = false; // the page has a key above it: at the foot of a hundred rows nobody finds one
    if (window.innerWidth < 700) { // no room for a number in every cell, nor for every hour
      for (const trace of data) if (trace.type === "heatmap") trace.texttemplate = "";
      if (roster) for (const axis of [layout.xaxis, layout.xaxis2]) axis.dtick = 3 * 3600e3;
    }
    place.replaceChildren();
    place.style.minHeight = `${layout.height}px`;
    await Plotly.newPlot(place, data, layout, { responsive: true, displaylogo: false, scrollZoom: false });
    place.dataset.drawn = "yes";
  } catch (error) {
    place.textContent = `This figure could not be drawn: ${error.message}`;
  }
}

// One after another, nearest first: the first figure is there while the others are still made.
async function drawAll() {
  for (const place of document.querySelectorAll("[data-figure]")) await draw(place);
}

// Jobs: followed as server-sent events; the page is loaded anew when one starts or ends.
function money(cents, currency) {
  const number = (cents / 100).toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${number.replaceAll(",", "\u202f")}\u202f${currency}`;
}

function follow(card) {
  const events = new EventSource(`/v1/jobs/${card.dataset.job}/events`);
  events.addEventListener("progress", (event) => {
    const { state, progress } = JSON.parse(event.data);
    if (state === "running" && card.dataset.state === "queued") location.reload();
    card.dataset.state = state;
    if (!progress) return;
    card.querySelector("[data-text]").textContent = progress.message;
    card.querySelector("[data-bar]").value = progress.fraction;
    if (progress.gap_cents === null) return;
    const text = card.querySelector("[data-money]");
    const currency = text.dataset.currency;
    text.textContent = `Best plan ${money(progress.incumbent_cents, currency)}; at most ${money(progress.gap_cents, currency)} ` +
      `(${(100 * progress.gap).toFixed(1)} %) could still be saved.`;
  });
  events.addEventListener("end", () => { events.close(); location.reload(); });
}

// Only the first is followed: a browser keeps few connections to one server open, and the others wait for it anyway.
const card = document.querySelector("[data-job]");
if (card) follow(card);
drawAll();
