import { Unavailable } from "./unavailable.ts";

/** Exports may use only some of the connections, so that pages always have some. */
export type Lane = "page" | "export";

type Waiter = { lane: Lane; enter: () => void };

/** Who may use a connection now. The others wait in order; their number and the time they wait are limited. */
export class Gate {
  readonly #places: number;
  readonly #exportPlaces: number;
  readonly #maxWaiting: number;
  readonly #busy: Record<Lane, number> = { page: 0, export: 0 };
  #waiting: Waiter[] = [];

  constructor(places: number, exportPlaces: number, maxWaiting: number) {
    this.#places = places;
    this.#exportPlaces = exportPlaces;
    this.#maxWaiting = maxWaiting;
  }

  async enter(lane: Lane, milliseconds: number): Promise<void> {
    if (this.#hasPlace(lane)) {
      this.#busy[lane] += 1;
      return;
    }
    if (this.#waiting.filter((each) => each.lane === lane).length >= this.#maxWaiting)
      throw new Unavailable(`${this.#maxWaiting} requests are waiting for the database already`);
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        lane,
        enter: () => {
          clearTimeout(timer);
          this.#busy[lane] += 1;
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((each) => each !== waiter);
        reject(new Unavailable(`no connection to the database became free in ${milliseconds / 1000} s`));
      }, milliseconds);
      this.#waiting.push(waiter);
    });
  }

  leave(lane: Lane): void {
    this.#busy[lane] -= 1;
    const next = this.#waiting.find((each) => this.#hasPlace(each.lane));
    if (!next) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    next.enter();
  }

  #hasPlace(lane: Lane): boolean {
    return (
      this.#busy.page + this.#busy.export < this.#places && (lane === "page" || this.#busy.export < this.#exportPlaces)
    );
  }
}
