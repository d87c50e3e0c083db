// What code waits for: calls that Python answers, and timers that Python sleeps for.

export class HostError extends Error {
  constructor({ message, ...more }) {
    super(message);
    Object.assign(this, { name: 'Error', ...more });
  }
}

export class Host {
  constructor() {
    this.last = 0;
    this.asked = [];
    this.open = new Map();
    this.timers = new Map();
    this.time = 0;
  }

  // A call that Python answers: the promise of its answer.
  call(name, ...given) {
    return new Promise((resolve, reject) => {
      const id = ++this.last;
      this.open.set(id, { resolve, reject });
      this.asked.push({ id, call: name, arguments: given });
    });
  }

  settle({ id, value, error }) {
    const { resolve, reject } = this.open.get(id);
    this.open.delete(id);
    if (error) reject(new HostError(error));
    else resolve(value);
  }

  startTimer(work, delay, given, every) {
    const id = ++this.last;
    const wait = Math.max(Number(delay) || 0, every ? 1 : 0);
    this.timers.set(id, { at: this.time + wait, work, given, every: every ? wait : undefined });
    return id;
  }

  stopTimer(id) {
    this.timers.delete(Number(id));
  }

  // Milliseconds until the next timer, if there is one.
  nextTimer() {
    if (!this.timers.size) return undefined;
    return Math.max(0, Math.min(...Array.from(this.timers.values(), (timer) => timer.at)) - this.time);
  }

  // That much time has passed: run what is due.
  pass(ms) {
    this.time += ms;
    const due = Array.from(this.timers).filter(([, timer]) => timer.at <= this.time).sort((a, b) => a[1].at - b[1].at);
    for (const [id, timer] of due) {
      if (!this.timers.has(id)) continue;
      if (timer.every === undefined) this.timers.delete(id);
      else timer.at = this.time + timer.every;
      timer.work(...timer.given);
    }
  }
}
