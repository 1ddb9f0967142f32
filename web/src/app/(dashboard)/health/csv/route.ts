import { exportRoute } from "@/table/export";
import { exportRuns } from "../export";

export const GET = exportRoute("csv", exportRuns);
