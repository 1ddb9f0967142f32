import { exportRoute } from "@/table/export";
import { exportAgents } from "../export";

export const GET = exportRoute("xlsx", exportAgents);
