import { exportRoute } from "@/table/export";
import { exportDay } from "../export";

export const GET = exportRoute("csv", exportDay);
