// Every action, named after its function without operate_.
import type { Action } from "./action";
import { correctionActions } from "./correction_actions";
import { digestActions } from "./digest_actions";
import { erasureActions } from "./erasure_actions";
import { healthActions } from "./health_actions";
import { portalActions } from "./portal_actions";

const actions = {
  ...digestActions,
  ...portalActions,
  ...correctionActions,
  ...healthActions,
  ...erasureActions,
} satisfies Record<string, Action>;

export type ActionName = keyof typeof actions;

/** Own members only: a name comes from an address, and every object has a constructor. */
export function actionOf(name: string): Action | null {
  return Object.hasOwn(actions, name) ? actions[name as ActionName] : null;
}
