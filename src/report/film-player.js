/* The animation of a report, run in the reader's browser. `film` and `drawFrame` are put before it by the page. */
(() => {
  const { film, drawFrame } = window.troupeFilm;
  const canvas = document.querySelector('#film canvas');
  const bar = document.querySelector('#film input');
  const button = document.querySelector('#film button');
  const pace = document.querySelector('#film select');
  const label = document.querySelector('#film output');
  const context = canvas.getContext('2d');
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let time = 0;
  let playing = !still;
  let before = 0;

  function paint() {
    const style = getComputedStyle(document.documentElement);
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const index = Math.min(film.frames.length - 1, Math.floor(time / film.dt));
    const view = {
      width,
      height,
      ground: style.getPropertyValue('--ground'),
      mark: style.getPropertyValue('--mark'),
    };
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'center';
    for (const figure of drawFrame(film, index, view)) {
      if (figure.kind === 'text') {
        context.fillStyle = style.getPropertyValue('--quiet');
        context.fillText(figure.text, figure.at[0], figure.at[1]);
        continue;
      }
      context.beginPath();
      for (const [i, [x, y]] of figure.points.entries()) {
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      if (figure.kind === 'fill') {
        context.closePath();
        context.fillStyle = figure.color;
        context.fill();
      } else {
        context.lineWidth = figure.width;
        context.strokeStyle = figure.color;
        context.stroke();
      }
    }
    const caption = film.frames[index].caption;
    label.textContent = `${(index * film.dt).toFixed(1)} s${caption ? `, ${caption}` : ''}`;
    bar.value = String(index);
    button.textContent = playing ? 'Pause' : 'Play';
  }

  function turn(now) {
    if (playing) {
      time += (Math.min(100, now - before) / 1000) * Number(pace.value);
      if (time >= film.frames.length * film.dt) time = 0;
      paint();
    }
    before = now;
    requestAnimationFrame(turn);
  }

  bar.max = String(film.frames.length - 1);
  bar.addEventListener('input', () => {
    playing = false;
    time = Number(bar.value) * film.dt + 1e-9;
    paint();
  });
  button.addEventListener('click', () => {
    playing = !playing;
    paint();
  });
  window.addEventListener('resize', paint);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  paint();
  requestAnimationFrame(turn);
})();
