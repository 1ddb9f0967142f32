import { exportRoute } from "@/table/export";
import { exportAgent } from "../export";

export const GET = exportRoute("csv", exportAgent);
