// Opens what every form of the demo plays in: the world, and Suture as a real process in it.

import type { RunningSuture } from '../test/world/suture.ts';
import { startWorld, type World, type WorldOptions } from '../test/world/world.ts';

export type Scene = {
  world: World;
  /** The process that runs now, or ran last. */
  readonly suture: RunningSuture;
  /** True while it was killed on purpose and the next one is not there yet. */
  readonly restarting: boolean;
  /** Kills Suture, and starts it again at the same address after so many milliseconds. */
  restart(pauseMs: number): Promise<void>;
  close(): Promise<void>;
};

/** Nothing is left behind when this throws. */
export async function openScene(
  options: WorldOptions = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const world = await startWorld(options);
  try {
    let suture = await world.start(settings);
    let restarting = false;
    const { port } = new URL(suture.url);
    return {
      world,
      get suture() {
        return suture;
      },
      get restarting() {
        return restarting;
      },
      restart: async (pauseMs) => {
        restarting = true;
        await suture.kill();
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        suture = await world.start({ ...settings, PORT: port });
        restarting = false;
      },
      close: () => world.close(),
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** The last lines of Suture's log, for people who have to find out what went wrong. */
export function lastLines(suture: RunningSuture, count: number): string {
  const lines = suture.output().split('\n').slice(-count);
  return lines.map((line) => (line.length > 2_000 ? `${line.slice(0, 2_000)}…` : line)).join('\n');
}
