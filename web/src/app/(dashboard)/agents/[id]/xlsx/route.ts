import { exportRoute } from "@/table/export";
import { exportAgent } from "../export";

export const GET = exportRoute("xlsx", exportAgent);
