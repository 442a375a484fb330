// Types that the scripts share, and types for libraries without their own. Only `make types` reads them.

type Canvas = import("diagram-js/lib/core/Canvas").default;
type ElementRegistry = import("diagram-js/lib/core/ElementRegistry").default;
type Overlays = import("diagram-js/lib/features/overlays/Overlays").default;
type ChosenElements = import("diagram-js/lib/features/selection/Selection").default;
type DrawnElement = import("bpmn-js/lib/model/Types").Shape;

/** The part of a drawing tool that the editors need: its services by name, and its events. */
interface Tool {
  get<T>(name: string): T;
  on(event: string, act: (event: any) => void): void;
}

/** An element of a model file; its other properties depend on its type. */
interface Part {
  $type: string;
  $parent: any;
  $attrs: Record<string, unknown>;
  get(name: string): any;
  [name: string]: any;
}

/** A finding of the check; `file` and `element_id` say where, `href` leads to a file of another page. */
interface Problem {
  severity: "error" | "warning";
  what: string;
  advice: string;
  file: string;
  element_id: string | null;
  element_name: string | null;
  line: number | null;
  href: string | null;
  fix: Correction | null;
}

/** The correction that a finding offers; `kind` is the key of its words. */
interface Correction {
  kind: string;
  element_id: string;
  topic: string;
}

/** An open editor; `mark` shows problems in the drawing, `show` brings one into view. */
interface Editor {
  read(): Promise<string>;
  mark(problems: Problem[]): void;
  show(problem: Problem): void;
  fix?(correction: Correction): void;
}

/** A number beside an element; `late`: some of them are. */
interface Count {
  number: number;
  words?: string;
  href?: string;
  late?: boolean;
}

/** The facts on a picture besides the model: ids of elements, and numbers by id. */
interface Facts {
  xml?: string;
  current?: string[];
  done?: string[];
  counts?: Record<string, number | Count>;
}

declare module "*.css";
declare module "*.scss";
declare module "htmx.org/dist/htmx.esm.min.js";

declare module "dmn-js/lib/Modeler" {
  export default class DmnModeler {
    constructor(options: object);
    importXML(xml: string): Promise<object>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    getViews(): View[];
    getActiveView(): View;
    getActiveViewer(): Tool;
    open(view: View): Promise<object>;
    on(event: string, act: () => void): void;
  }
  /** One table or expression of a file. */
  export interface View {
    id: string;
    name?: string;
    type: string;
    element: { id: string; decisionLogic?: Logic };
  }
  export interface Logic {
    rule?: { id: string }[];
    input?: { id: string }[];
    output?: { id: string }[];
  }
}

declare module "dmn-js/lib/Viewer" {
  export { default } from "dmn-js/lib/Modeler";
}

declare module "diagram-js-minimap" {
  const module: import("didi").ModuleDeclaration;
  export default module;
}

declare module "bpmn-js-properties-panel" {
  export const BpmnPropertiesPanelModule: import("didi").ModuleDeclaration;
  export const BpmnPropertiesProviderModule: import("didi").ModuleDeclaration;
  export const CamundaPlatformPropertiesProviderModule: import("didi").ModuleDeclaration;
  export function useService(name: string): any;
}

declare module "@bpmn-io/properties-panel" {
  /** A component of the panel, given its options. */
  type Component = (options: any) => any;
  export const CheckboxEntry: Component;
  export const Group: Component;
  export const SelectEntry: Component;
  export const TextFieldEntry: Component;
  export function isCheckboxEntryEdited(node: unknown): boolean;
  export function isSelectEntryEdited(node: unknown): boolean;
  export function isTextFieldEntryEdited(node: unknown): boolean;
}
