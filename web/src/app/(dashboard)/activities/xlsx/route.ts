import { exportRoute } from "@/table/export";
import { exportActivities } from "../export";

export const GET = exportRoute("xlsx", exportActivities);
