// Shares the event loop fairly: expensive steps of requests run one after the other, about a millisecond a turn.
// Node takes one new connection in a turn, so without this a burst's last connections would wait for all the others.

const sliceMs = 1;

export type Turns = {
  /** Runs the step when its turn has come, in the order asked. The step must not wait for anything outside. */
  run<T>(step: () => Promise<T>): Promise<T>;
};

export function fairTurns(): Turns {
  const waiting: (() => Promise<void>)[] = [];
  let draining = false;

  async function drain(): Promise<void> {
    let until = performance.now() + sliceMs;
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      await step();
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + sliceMs;
    }
    draining = false;
  }

  return {
    run: (step) =>
      new Promise((resolve, reject) => {
        waiting.push(() => step().then(resolve, reject));
        if (draining) return;
        draining = true;
        void drain();
      }),
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
