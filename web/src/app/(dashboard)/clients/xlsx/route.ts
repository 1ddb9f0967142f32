import { exportRoute } from "@/table/export";
import { exportClients } from "../export";

export const GET = exportRoute("xlsx", exportClients);
