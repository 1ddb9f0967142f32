// How hours are written: as decimals, or as hours and minutes. The address says it (?hours=), else a cookie.

/** The seconds of a table's smallest figure: a hundredth of an hour, or a minute. */
export type Unit = 36 | 60;
export const hundredth: Unit = 36;
export const minute: Unit = 60;

/** The name of each in an address and in the cookie. */
export const unitNames: Readonly<Record<Unit, string>> = { 36: "decimal", 60: "hmm" };

export const unitCookie = "timesheet-hours";

export function unitOf(name: string | undefined): Unit | null {
  return name === unitNames[minute] ? minute : name === unitNames[hundredth] ? hundredth : null;
}
