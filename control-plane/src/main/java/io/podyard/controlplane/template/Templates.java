package io.podyard.controlplane.template;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.RpcCodec;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.UpdateContainerGroupRequest;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.template.CreateContainerGroupFromTemplateRequest;
import io.podyard.api.template.CreateContainerGroupFromTemplateResponse;
import io.podyard.api.template.ExportContainerGroupTemplateRequest;
import io.podyard.api.template.ExportContainerGroupTemplateResponse;
import io.podyard.api.template.GroupTemplate;
import io.podyard.api.template.UpdateContainerGroupByTemplateRequest;
import io.podyard.api.template.UpdateContainerGroupByTemplateResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.ContainerGroups;
import io.podyard.controlplane.containergroup.GroupChanges;
import io.podyard.controlplane.containergroup.GroupParameters;
import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Groups as documents. A template stands for the parameters of a create: the contract's places for
 * most of them, and {@code Parameters} for the rest, so an exported group can be made again whole,
 * but for its secrets. Making and changing groups is that of CreateContainerGroup and
 * UpdateContainerGroup, with their rules, tokens and refusals; problems name places of the
 * template.
 */
@Component
public class Templates {

  /** What an update can say (contract section 12). */
  private static final Pattern UPDATABLE =
      Pattern.compile(
          "Cpu|Memory|RestartPolicy|ResourceGroupId"
              + "|(Tag|Volume|DnsConfig|ImageRegistryCredential|Container|InitContainer)\\..*");

  /** What of a container an update cannot say, although a create can. */
  private static final Pattern NOT_UPDATABLE =
      Pattern.compile(
          "Volume\\..*\\.DiskVolume\\..*|.*\\.(EnvironmentVarHide|TerminationMessagePath|TerminationMessagePolicy"
              + "|SecurityContextRunAsGroup|SecurityContextRunAsNonRoot)");

  private final ContainerGroups groups;
  private final GroupChanges changes;
  private final GroupStore store;
  private final OwnGroups own;
  private final Regions regions;

  Templates(
      ContainerGroups groups,
      GroupChanges changes,
      GroupStore store,
      OwnGroups own,
      Regions regions) {
    this.groups = groups;
    this.changes = changes;
    this.store = store;
    this.own = own;
    this.regions = regions;
  }

  /**
   * The template of a group.
   *
   * @throws ApiException with every problem of the request, or if the caller has no such group
   */
  public ExportContainerGroupTemplateResponse export(
      Caller caller, Decoded<ExportContainerGroupTemplateRequest> decoded) {
    ExportContainerGroupTemplateRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    String id = asked.containerGroupId();
    if ((id == null || id.isEmpty()) && !decoded.isUnread("ContainerGroupId")) {
      problems.add(Problem.missing("ContainerGroupId"));
    }
    OwnGroups.checkId(id, problems::add);
    ExportContainerGroupTemplateRequest _ = decoded.orThrow(problems);
    return new ExportContainerGroupTemplateResponse(null, template(caller, region, id));
  }

  /**
   * The same for whoever has read the parameters.
   *
   * @throws ApiException if the caller has no such group
   */
  public GroupTemplate template(Caller caller, RegionId region, @Nullable String id) {
    ContainerGroupId known = own.require(caller, region, id).id();
    return TemplateWriting.of(
        store.find(known).orElseThrow(() -> notThere("ContainerGroupId", known.value())));
  }

  /** A template as it is given to the other two actions. */
  public static String text(GroupTemplate template) {
    return EciJson.rpc().writeValueAsString(template);
  }

  /**
   * Makes a group.
   *
   * @throws ApiException with every problem of the template, or why there can be no such group
   * @throws NotWrittenException if it may not be durable
   */
  public CreateContainerGroupFromTemplateResponse create(
      Caller caller, Decoded<CreateContainerGroupFromTemplateRequest> decoded)
      throws NotWrittenException {
    CreateContainerGroupFromTemplateRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    Map<String, String> parameters = read(asked.template(), region, decoded, problems);
    CreateContainerGroupFromTemplateRequest request = decoded.orThrow(problems);
    complete(parameters, region, request.clientToken());
    try {
      return new CreateContainerGroupFromTemplateResponse(
          null,
          groups
              .create(
                  caller,
                  RpcCodec.decode(
                      CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, parameters))
              .containerGroupId());
    } catch (ApiException refusal) {
      throw inTemplate(refusal);
    }
  }

  /**
   * Makes the caller's live group of the name in the template what the template says, as an update
   * of type RenewUpdate. What an update cannot change has to be in the template as it is.
   *
   * @throws ApiException with every problem of the template, or why the group cannot become so
   * @throws NotWrittenException if it may not be durable
   */
  public UpdateContainerGroupByTemplateResponse update(
      Caller caller, Decoded<UpdateContainerGroupByTemplateRequest> decoded)
      throws NotWrittenException {
    UpdateContainerGroupByTemplateRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    Map<String, String> wanted = read(asked.template(), region, decoded, problems);
    if (problems.isEmpty() && !wanted.containsKey("ContainerGroupName")) {
      problems.add(Problem.missing(TemplateReading.place("ContainerGroupName")));
    }
    UpdateContainerGroupByTemplateRequest request = decoded.orThrow(problems);
    GroupRecord group = named(caller, region, String.valueOf(wanted.get("ContainerGroupName")));
    Map<String, String> parameters = asUpdate(group, wanted);
    parameters.put("ContainerGroupId", group.id().value());
    parameters.put("UpdateType", "RenewUpdate");
    complete(parameters, region, request.clientToken());
    try {
      UpdateContainerGroupResponse _ =
          changes.update(
              caller,
              RpcCodec.decode(
                  UpdateContainerGroupRequest.class, Action.UPDATE_CONTAINER_GROUP, parameters));
    } catch (ApiException refusal) {
      throw inTemplate(refusal);
    }
    return new UpdateContainerGroupByTemplateResponse(null);
  }

  private static Map<String, String> read(
      @Nullable String template, RegionId region, Decoded<?> decoded, List<Problem> problems) {
    return decoded.isUnread(TemplateReading.TEMPLATE)
        ? Map.of()
        : TemplateReading.read(template, region.value(), problems::add);
  }

  private static void complete(
      Map<String, String> parameters, RegionId region, @Nullable String clientToken) {
    parameters.put("RegionId", region.value());
    if (clientToken != null) {
      parameters.put("ClientToken", clientToken);
    }
  }

  /** The caller's only live group of a name. */
  private GroupRecord named(Caller caller, RegionId region, String name) {
    String place = TemplateReading.place("ContainerGroupName");
    List<ContainerGroupId> found = own.live(caller, region, name);
    if (found.size() > 1) {
      throw new ApiException(
          new Problem(
              ErrorCode.OPERATION_CONFLICT,
              place,
              name,
              "is the name of several groups: change one of them by its id"));
    }
    return found.stream().findFirst().flatMap(store::find).orElseThrow(() -> notThere(place, name));
  }

  private static ApiException notThere(String parameter, String value) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_PARAMETER_NOT_FOUND,
            parameter,
            value,
            "names no container group of this account and region that has not ended"));
  }

  /** Leaves out what cannot be changed and is as it is; what is not is refused. */
  private static Map<String, String> asUpdate(GroupRecord group, Map<String, String> wanted) {
    Map<String, String> present = GroupParameters.of(group);
    Map<String, String> update = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    wanted.forEach(
        (name, value) -> {
          if (UPDATABLE.matcher(name).matches() && !NOT_UPDATABLE.matcher(name).matches()) {
            update.put(
                name.replace(
                    "LifecyclePostStartHandlerHttpGetHttpHeader.",
                    "LifecyclePostStartHandlerHttpGetHttpHeaders."),
                value);
          } else if (!Objects.equals(present.get(name), value)) {
            problems.add(
                Problem.of(
                    ErrorCode.INVALID_PARAMETER,
                    TemplateReading.place(name),
                    "cannot be changed; it must be as in the group, or left out"));
          }
        });
    if (!problems.isEmpty()) {
      throw new ApiException(problems);
    }
    return update;
  }

  /** The refusal with the places of the template in it. */
  private static ApiException inTemplate(ApiException refusal) {
    List<Problem> problems = refusal.problems();
    if (problems.isEmpty()) {
      return refusal;
    }
    return new ApiException(
        problems.stream()
            .map(
                problem ->
                    isOfRequest(problem.parameter())
                        ? problem
                        : new Problem(
                            problem.code(),
                            TemplateReading.place(
                                problem
                                    .parameter()
                                    .replace("HttpGetHttpHeaders.", "HttpGetHttpHeader.")),
                            problem.value(),
                            problem.message()))
            .toList());
  }

  private static boolean isOfRequest(String parameter) {
    return parameter.equals("ClientToken") || parameter.equals("RegionId");
  }
}
