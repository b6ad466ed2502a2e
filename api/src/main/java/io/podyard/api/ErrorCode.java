package io.podyard.api;

import static io.podyard.api.ErrorKind.CALLER;
import static io.podyard.api.ErrorKind.CAPACITY;
import static io.podyard.api.ErrorKind.CONFLICT;
import static io.podyard.api.ErrorKind.INTERNAL;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every error code this version answers, with the status and kind that belong to it (contract
 * sections 3.3, 4, 8 and 19).
 */
public enum ErrorCode {
  INVALID_ACCESS_KEY_ID_NOT_FOUND("InvalidAccessKeyId.NotFound", 404, CALLER, false),
  INVALID_ACCESS_KEY_ID_INACTIVE("InvalidAccessKeyId.Inactive", 400, CALLER, false),
  SIGNATURE_DOES_NOT_MATCH("SignatureDoesNotMatch", 400, CALLER, false),
  INCOMPLETE_SIGNATURE("IncompleteSignature", 400, CALLER, false),
  INVALID_SIGNATURE_METHOD("InvalidSignatureMethod", 400, CALLER, false),
  SIGNATURE_NONCE_USED("SignatureNonceUsed", 400, CALLER, false),
  INVALID_TIMESTAMP_FORMAT("InvalidTimeStamp.Format", 400, CALLER, false),
  INVALID_TIMESTAMP_EXPIRED("InvalidTimeStamp.Expired", 400, CALLER, false),
  INVALID_API_NOT_FOUND("InvalidApi.NotFound", 404, CALLER, false),
  UNSUPPORTED_HTTP_METHOD("UnsupportedHTTPMethod", 400, CALLER, false),
  REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413, CALLER, false),

  MISSING_PARAMETER("MissingParameter", 400, CALLER, false),
  INVALID_PARAMETER("InvalidParameter", 400, CALLER, false),
  INVALID_PARAMETER_NOT_FOUND("InvalidParameter.NotFound", 404, CALLER, false),
  INVALID_PARAMETER_LENGTH_EXCEEDED("InvalidParameter.LengthExceeded", 400, CALLER, false),
  INVALID_PARAMETER_VALUE_EXCEEDED("InvalidParameter.ValueExceeded", 400, CALLER, false),
  INVALID_PARAMETER_DUPLICATED_NAME("InvalidParameter.DuplicatedName", 400, CALLER, false),
  INVALID_PARAMETER_DUPLICATED_VOLUME_NAME(
      "InvalidParameter.DuplicatedVolumeName", 400, CALLER, false),
  INVALID_PARAMETER_CPU_MEMORY("InvalidParameter.CPU.Memory", 400, CALLER, false),
  INVALID_PARAM_CPU_OR_MEMORY_SPEC("InvalidParam.CpuOrMemorySpec", 400, CALLER, false),
  FEATURE_BASED_CONSTRAINT_CONFLICT("FeatureBasedConstraintConflict", 400, CALLER, false),
  INSTANCE_TYPE_NOT_MATCH_CPU_ARCH("InstanceTypeNotMatchCpuArch", 400, CALLER, false),
  INVALID_SPOT_CPU_MEMORY_SPEC("InvalidSpotCpuMemorySpec", 400, CALLER, false),
  INVALID_DISK_ID_NOT_FOUND("InvalidDiskId.NotFound", 404, CALLER, false),
  INVALID_VOLUME_TYPE("InvalidVolumeType", 403, CALLER, false),
  DISK_NUMBER_LIMIT_EXCEED("DiskNumber.LimitExceed", 400, CALLER, false),
  REGION_DISSOLVED("RegionDissolved", 400, CALLER, false),
  DRY_RUN_OPERATION("DryRunOperation", 400, CALLER, false),
  NUMBER_EXCEED_TAGS("NumberExceed.Tags", 400, CALLER, false),

  /** The list of the contract has it with 400 as well; 403 is what a missing right means. */
  NO_PERMISSION("NoPermission", 403, CALLER, false),
  NO_PERMISSION_TAG("NoPermission.Tag", 400, CALLER, false),
  FORBIDDEN_UNAUTHORIZED("Forbidden.Unauthorized", 403, CALLER, false),
  FORBIDDEN_RAM("Forbidden.RAM", 403, CALLER, false),

  INVALID_INSTANCE_ID_NOT_FOUND("InvalidInstanceId.NotFound", 400, CALLER, false),
  OPS_TYPE_NOT_SUPPORT("Ops.TypeNotSupport", 400, CALLER, false),
  OPS_VALUE_INVALID("Ops.OpsValueInvalid", 400, CALLER, false),
  TCPDUMP_INVALID_VALUE("Tcpdump.InvalidValue", 400, CALLER, false),
  OPS_REGION_NOT_SUPPORT("Ops.RegionNotSupport", 400, CONFLICT, false),
  COREDUMP_REGION_NOT_SUPPORT("Coredump.RegionNotSupport", 400, CONFLICT, false),
  COREDUMP_REFRESH_INTERVAL_TOO_SHORT("Coredump.RefrshIntervalTooShort", 400, CONFLICT, true),
  OPS_INSTANCE_NOT_SUPPORT("Ops.InstanceNotSupport", 400, CONFLICT, false),
  OPS_INTERVAL_TOO_SHORT("Ops.IntervalTooShort", 400, CONFLICT, true),

  INCORRECT_STATUS("IncorrectStatus", 400, CONFLICT, false),
  INCORRECT_STATUS_DETAIL("IncorrectStatusDetail", 403, CONFLICT, false),
  NO_NEED_UPDATE("NoNeedUpdate", 400, CONFLICT, false),
  IMAGE_CACHE_INCORRECT_STATUS("ImageCache.IncorrectStatus", 400, CONFLICT, false),
  IMAGE_SNAPSHOT_INCORRECT_STATUS("ImageSnapshot.IncorrectStatus", 400, CONFLICT, false),
  IMAGE_SNAPSHOT_NOT_FOUND("ImageSnapshot.NotFound", 404, CALLER, false),
  /** One older page of the contract says 409; the current list says 400. */
  OPERATION_CONFLICT("OperationConflict", 400, CONFLICT, true),
  IDEMPOTENT_PARAMETER_MISMATCH("IdempotentParameterMismatch", 400, CONFLICT, false),
  LAST_TOKEN_PROCESSING("LastTokenProcessing", 403, CONFLICT, true),
  OPERATION_DENIED_VSW_ZONE_MISMATCH("OperationDenied.VswZoneMisMatch", 403, CONFLICT, false),

  INVALID_VSWITCH_ID_IP_NOT_ENOUGH("InvalidVSwitchId.IpNotEnough", 403, CAPACITY, true),
  DISK_VOLUME_NOT_IN_SAME_ZONE("DiskVolume.NotInSameZone", 400, CONFLICT, false),
  DISK_VOLUME_NOT_SUPPORT("DiskVolume.NotSupport", 400, CONFLICT, false),

  ACCOUNT_ARREARAGE("Account.Arrearage", 400, CONFLICT, false),
  OPERATION_DENIED_NO_STOCK("OperationDenied.NoStock", 403, CAPACITY, true),
  SPOT_NOT_MATCHED("Spot.NotMatched", 403, CAPACITY, true),
  ZONE_NOT_ON_SALE("Zone.NotOnSale", 403, CAPACITY, false),
  QUOTA_EXCEEDED("QuotaExceeded", 403, CAPACITY, false),
  THROTTLING("Throttling", 400, CAPACITY, true),

  REQUEST_TIMEOUT("Request Timeout", 408, INTERNAL, true),
  SERVICE_UNAVAILABLE("ServiceUnavailable", 503, INTERNAL, true),
  INTERNAL_ERROR("InternalError", 500, INTERNAL, true);

  private static final Map<String, ErrorCode> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(ErrorCode::code, Function.identity()));

  private final String code;
  private final int httpStatus;
  private final ErrorKind kind;
  private final boolean retryable;

  ErrorCode(String code, int httpStatus, ErrorKind kind, boolean retryable) {
    this.code = code;
    this.httpStatus = httpStatus;
    this.kind = kind;
    this.retryable = retryable;
  }

  /** The code with this wire name. */
  public static Optional<ErrorCode> named(String code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  /** The name on the wire. */
  public String code() {
    return code;
  }

  /** The status that the contract gives it, with which an RPC answer comes. */
  public int httpStatus() {
    return httpStatus;
  }

  public ErrorKind kind() {
    return kind;
  }

  /** Whether the same request may succeed later without being changed. */
  public boolean retryable() {
    return retryable;
  }
}
