import { exportRoute } from "@/table/export";
import { exportSeen } from "../export";

export const GET = exportRoute("xlsx", exportSeen);
