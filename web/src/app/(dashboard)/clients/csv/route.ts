import { exportRoute } from "@/table/export";
import { exportClients } from "../export";

export const GET = exportRoute("csv", exportClients);
