/* The animation of a report, run in the reader's browser. The page puts the film and `drawFrame` before it. */
(() => {
  const { film, drawFrame } = window.troupeFilm;
  const [canvas, bar, button, pace, label] = ['canvas', 'input', 'button', 'select', 'output'].map(tag =>
    document.querySelector(`#film ${tag}`),
  );
  const context = canvas.getContext('2d');
  const last = film.frames.length - 1;
  /** Seconds that the last frame stays before the film starts again. */
  const pause = 0.8;
  let time = 0;
  let playing = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let before = 0;

  function paint() {
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(`--${name}`).trim();
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'center';
    const moment = Math.min(last, time / film.dt);
    const view = { width, height, ground: color('ground'), mark: color('mark'), shadow: color('shadow') };
    for (const figure of drawFrame(film, moment, view)) put(figure, color('quiet'));

    const index = Math.floor(moment);
    const { caption } = film.frames[index];
    label.textContent = `${(index * film.dt).toFixed(1)} s${caption ? `, ${caption}` : ''}`;
    bar.value = String(index);
    button.textContent = playing ? 'Pause' : 'Play';
  }

  function put(figure, ink) {
    context.globalAlpha = figure.opacity ?? 1;
    if (figure.kind === 'text') {
      context.fillStyle = ink;
      context.fillText(figure.text, figure.at[0], figure.at[1]);
      return;
    }
    context.beginPath();
    for (const [x, y] of figure.points) context.lineTo(x, y);
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

  function turn(now) {
    if (playing) {
      // A tab that was hidden goes on where it stood.
      time += (Math.min(100, now - before) / 1000) * Number(pace.value);
      if (time > last * film.dt + pause) time = 0;
      paint();
    }
    before = now;
    requestAnimationFrame(turn);
  }

  function toggle() {
    playing = !playing;
    if (playing && time >= last * film.dt) time = 0;
    paint();
  }

  bar.max = String(last);
  bar.addEventListener('input', () => {
    playing = false;
    time = Number(bar.value) * film.dt;
    paint();
  });
  button.addEventListener('click', toggle);
  canvas.addEventListener('click', toggle);
  window.addEventListener('resize', paint);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  paint();
  requestAnimationFrame(turn);
})();
