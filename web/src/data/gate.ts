import { Unavailable } from "./unavailable.ts";

/** Exports take what pages leave. */
export type Lane = "page" | "export";

type Waiter = { lane: Lane; enter: () => void };

/** Who may use a connection now; the others wait in order, but no more of them and no longer than is of use to anybody. */
export class Gate {
  readonly #places: number;
  readonly #exportPlaces: number;
  readonly #mostWaiting: number;
  readonly #busy: Record<Lane, number> = { page: 0, export: 0 };
  #waiting: Waiter[] = [];

  constructor(places: number, exportPlaces: number, mostWaiting: number) {
    this.#places = places;
    this.#exportPlaces = exportPlaces;
    this.#mostWaiting = mostWaiting;
  }

  async enter(lane: Lane, milliseconds: number): Promise<void> {
    if (this.#hasPlace(lane)) {
      this.#busy[lane] += 1;
      return;
    }
    if (this.#waiting.filter((each) => each.lane === lane).length >= this.#mostWaiting)
      throw new Unavailable(`${this.#mostWaiting} requests are waiting for the database already`);
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
    return this.#busy.page + this.#busy.export < this.#places && (lane === "page" || this.#busy.export < this.#exportPlaces);
  }
}
