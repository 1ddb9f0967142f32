import { exportRoute } from "@/table/export";
import { exportDelivery } from "../export";

export const GET = exportRoute("csv", exportDelivery);
